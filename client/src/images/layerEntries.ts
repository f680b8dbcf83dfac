import { opendir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'
import { sharedLibraries } from './sharedLibraries.ts'

/** One entry of the layer: a directory, bytes given here, a file to copy, or a link. Names as in tar, no slash first. */
export type LayerEntry =
  | { kind: 'directory'; name: string; mode: number }
  | { kind: 'bytes'; name: string; mode: number; bytes: Buffer }
  | { kind: 'file'; name: string; mode: number; source: string; size: number }
  | { kind: 'link'; name: string; target: string }

/** Mount points: the root file system is read-only when the job runs, so they must be there before. */
const MOUNT_POINTS: LayerEntry[] = [
  { kind: 'directory', name: 'job/data', mode: 0o755 },
  { kind: 'directory', name: 'job/in', mode: 0o755 },
  { kind: 'directory', name: 'job/out', mode: 0o755 },
  { kind: 'bytes', name: 'job/spec.json', mode: 0o644, bytes: Buffer.alloc(0) },
  { kind: 'directory', name: 'tmp', mode: 0o1777 },
]
// Without it Node guesses the module type of every file by parsing it twice.
const MODULE_TYPE: LayerEntry = {
  kind: 'bytes',
  name: 'trainer/package.json',
  mode: 0o644,
  bytes: Buffer.from('{"type":"module"}\n'),
}

/** Everything the canonical image holds, parents before children, in byte order. */
export async function layerEntries(
  nodePath: string,
  trainerDir: string,
  benchmarkDir?: string,
): Promise<LayerEntry[]> {
  const libraries = await sharedLibraries(nodePath)
  return completeLayer([
    await fileEntry(nodePath, 'usr/local/bin/node', 0o755),
    ...(await Promise.all(libraries.map((path) => fileEntry(path, path.slice(1), 0o755)))),
    ...(await programEntries(trainerDir, 'trainer')),
    ...(benchmarkDir ? await programEntries(benchmarkDir, 'trainer/benchmark') : []),
    MODULE_TYPE,
  ])
}

/** A layer's files with the mount points of a job and all parents, parents before children, in byte order. */
export function completeLayer(files: readonly LayerEntry[]): LayerEntry[] {
  const entries = [...files, ...MOUNT_POINTS]
  const named = new Map(entries.map((entry) => [entry.name, entry]))
  for (const { name } of entries) {
    for (let parent = dirname(name); parent !== '.'; parent = dirname(parent)) {
      if (!named.has(parent)) named.set(parent, { kind: 'directory', name: parent, mode: 0o755 })
    }
  }
  return [...named.values()].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
}

/** Follows links on the host (libraries are links to versioned files) and stores plain files. */
export async function fileEntry(source: string, name: string, mode: number): Promise<LayerEntry> {
  const { size } = await stat(source)
  return { kind: 'file', name, mode, source, size }
}

async function programEntries(programDir: string, name: string): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = []
  const pending = [programDir]
  while (pending.length > 0) {
    for await (const entry of await opendir(pending.pop() as string)) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isDirectory()) pending.push(path)
      else if (!/\.(ts|wasm)$/.test(entry.name)) continue
      else if (!entry.isFile())
        throw new ImageNotLoaded(`${path} is not a regular file`, 'Restore that folder.')
      else entries.push(await fileEntry(path, `${name}/${relative(programDir, path)}`, 0o644))
    }
  }
  if (!entries.some((entry) => entry.name === `${name}/main.ts`)) {
    throw new ImageNotLoaded(`${programDir} has no main.ts`, 'Pass the folder of a program.')
  }
  return entries
}
