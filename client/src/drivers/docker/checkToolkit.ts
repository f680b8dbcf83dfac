import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Known ways out of a container through NVIDIA's container toolkit, with the first release that has none of
 * them. Sources: NVIDIA's security bulletins. For the last one the fixing release could not be confirmed;
 * 1.20.0 is the first that came out after the bulletin.
 */
const ESCAPES = [
  { cve: 'CVE-2024-0132', fixedIn: [1, 16, 2] },
  { cve: 'CVE-2025-23359', fixedIn: [1, 17, 4] },
  { cve: 'CVE-2025-23266', fixedIn: [1, 17, 8] },
  { cve: 'CVE-2026-24260', fixedIn: [1, 20, 0] },
] as const

/** All of them are of one release; the first is what Docker runs. */
const PROGRAMS = ['nvidia-container-runtime-hook', 'nvidia-ctk', 'nvidia-container-cli']
const TIMEOUT_MS = 5_000

export type ToolkitCheck = { safe: true; version: string } | { safe: false; reason: string }

/**
 * Whether jobs may be given GPUs through this machine's container toolkit. One that cannot be found, does
 * not say its version within 5 s, or has a known escape, is not safe. Never throws.
 * @param searchPath directories as in PATH
 */
export async function checkToolkit(searchPath: string): Promise<ToolkitCheck> {
  const answers = await Promise.all(PROGRAMS.map((program) => versionOf(program, searchPath)))
  const versions = answers.filter((version) => version !== undefined)
  const oldest = versions.sort(compareVersions)[0]
  if (!oldest) return { safe: false, reason: 'no NVIDIA container toolkit that says its version was found' }
  const known = ESCAPES.find(({ fixedIn }) => compareVersions(oldest, fixedIn) < 0)
  const text = oldest.join('.')
  if (!known) return { safe: true, version: text }
  const newest = ESCAPES[ESCAPES.length - 1]?.fixedIn.join('.')
  return {
    safe: false,
    reason: `the NVIDIA container toolkit ${text} lets jobs escape (${known.cve}); install ${newest} or newer`,
  }
}

type Version = readonly [number, number, number]

async function versionOf(program: string, searchPath: string): Promise<Version | undefined> {
  for (const folder of searchPath.split(delimiter).filter((name) => name !== '')) {
    try {
      const options = { timeout: TIMEOUT_MS, maxBuffer: 65_536, env: { LC_ALL: 'C' } }
      const { stdout } = await promisify(execFile)(join(folder, program), ['--version'], options)
      return parseVersion(stdout)
    } catch {
      // Not there, or it fails: the next folder, and the other programs, may know.
    }
  }
  return undefined
}

/** The first x.y.z in a program's answer. A release candidate counts as older than its release. */
function parseVersion(text: string): Version | undefined {
  const match = /\b(\d{1,4})\.(\d{1,4})\.(\d{1,4})(-rc|~rc)?/.exec(text)
  if (!match) return undefined
  const candidate = match[4] === undefined ? 0 : 0.5
  return [Number(match[1]), Number(match[2]), Number(match[3]) - candidate]
}

function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
