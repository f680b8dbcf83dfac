// `npm test`: static checks, vitest, the end-to-end path, and beside them forge; one count over all of them.
// `--deep` runs the full counts (FOUNDRY_PROFILE=deep) and the files named *.deep.test.ts (TRAINYARD_DEEP=1). With
// TRAINYARD_REQUIRE=docker,chromium a skipped test is a failure, unless its name says GPU or public network.
import { spawn as start } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { buildWeb } from '../market-ui/server/buildWeb.ts'
import { forgePath } from './forgePath.ts'
import { type Count, countForge, countVitest, type Failure, firstLines, longestFiles } from './testCounts.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const deep = process.argv.includes('--deep')
const required = (process.env.TRAINYARD_REQUIRE ?? '') !== ''
const env = {
  ...process.env,
  ...(deep ? { FOUNDRY_PROFILE: 'deep', TRAINYARD_DEEP: '1' } : {}),
  // Everything below runs on this Node, also scripts with a `node` shebang.
  PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
  // Tests start some hundred processes of the same sources: stripped and compiled once, each takes half a second less.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.compile-cache'),
}
const PHASE_TIMEOUT_MS = (deep ? 240 : 22) * 60_000

type Phase = { name: string; run: () => Promise<Count> }

/** What it printed is told at the end, where `quiet`: two phases at once would mix their lines. */
async function spawn(
  command: string,
  args: string[],
  output: 'inherit' | 'quiet' = 'inherit',
  more: Record<string, string> = {},
) {
  const stdio = output === 'quiet' ? 'pipe' : 'inherit'
  const child = start(command, args, {
    cwd: root,
    env: { ...env, ...more },
    stdio: ['ignore', stdio, stdio],
    timeout: PHASE_TIMEOUT_MS,
  })
  const [stdout, stderr, status] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        console.error(`${command}: ${error.message}`)
        resolve(null)
      })
      child.once('close', resolve)
    }),
  ])
  return { stdout, stderr, status }
}

function check(name: string, command: string, args: string[]): Phase {
  return {
    name,
    run: async () => {
      const { status, stdout, stderr } = await spawn(command, args, 'quiet')
      console.log(stdout + stderr)
      const failed = status === 0 ? [] : [{ name, why: firstLines(stdout + stderr) }]
      return { passed: status === 0 ? 1 : 0, failed, skipped: [], again: [] }
    },
  }
}

function vitest(name: string, args: string[]): Phase {
  return {
    name,
    run: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'trainyard-test-'))
      const report = join(folder, 'report.json')
      const entry = join(root, 'node_modules', 'vitest', 'vitest.mjs')
      const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'testReporter.ts')}`]
      const { status } = await spawn(process.execPath, [entry, 'run', ...reporters, ...args], 'inherit', {
        TRAINYARD_REPORT: report,
      })
      try {
        const json = readFileSync(report, 'utf8')
        for (const { name: file, seconds } of longestFiles(json, 10)) console.log(`${seconds} s: ${file}`)
        return countVitest(name, status, json)
      } catch (cause) {
        const failed = [{ name: `${name}: no report (exit code ${status})`, why: firstLines(String(cause)) }]
        return { passed: 0, failed, skipped: [], again: [] }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Compiling keeps one core busy for most of a minute, and much of the other tests is waiting for blocks. */
const forgeRun = spawn(process.execPath, ['scripts/forgeTest.ts', '--json'], 'quiet')

const forge: Phase = {
  name: 'forge',
  run: async () => {
    const { status, stdout, stderr } = await forgeRun
    console.error(stderr)
    return countForge(status, stdout, stderr)
  },
}

/** Once, before several test files want them at the same time. */
const pages: Phase = {
  name: 'pages build',
  run: async () => {
    const why = await buildWeb().then(
      () => undefined,
      (cause) => firstLines(String(cause)),
    )
    const failed = why ? [{ name: 'pages build', why }] : []
    return { passed: why ? 0 : 1, failed, skipped: [], again: [] }
  },
}

const phases: Phase[] = [
  check('lockfile complete', process.execPath, ['scripts/lock.mjs', '--check']),
  check('biome', bin('biome'), ['ci', '.']),
  check('types', bin('tsc'), ['--noEmit', '-p', '.']),
  check('no unused files, exports or dependencies', bin('knip'), []),
  check('forge fmt', forgePath(), ['fmt', '--check']),
  pages,
  vitest('unit and integration tests', ['--exclude', 'test/e2e/**']),
  forge,
  check('generated ABIs are fresh', process.execPath, ['scripts/genAbi.ts', '--check', '--built']),
  vitest('end to end', ['test/e2e', '--maxWorkers=2']),
]

const total: Count = { passed: 0, failed: [], skipped: [], again: [] }
for (const phase of phases) {
  const start = performance.now()
  console.log(`\n== ${phase.name}`)
  const { passed, failed, skipped, again } = await phase.run()
  total.passed += passed
  total.failed.push(...failed)
  total.skipped.push(...skipped)
  total.again.push(...again)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(
    `== ${phase.name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped (${seconds} s)`,
  )
}

const mayBeSkipped = (name: string) => /GPU|public network/i.test(name)
for (const name of total.skipped) console.log(`skipped: ${name}`)
if (required) {
  const missing = total.skipped.filter((name) => !mayBeSkipped(name))
  total.failed.push(...missing.map((name) => ({ name: `skipped: ${name}`, why: [] })))
}
const tell = (how: string, { name, why }: Failure) =>
  console.log([`${how}: ${name}`, ...why.map((line) => `  ${line}`)].join('\n'))
// Of what passed after all one line of why; all of it where it failed.
for (const { name, why } of total.again) tell('passed at the second try', { name, why: why.slice(0, 1) })
for (const failure of total.failed) tell('FAILED', failure)
console.log(`${total.passed} passed, ${total.failed.length} failed, ${total.skipped.length} skipped`)
process.exitCode = total.failed.length > 0 ? 1 : 0
