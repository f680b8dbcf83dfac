import { copyFile, link, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileIsThere } from './fileIsThere.ts'
import type { OrderPaths } from './orderPaths.ts'
import { writeFileAtomic } from './writeFileAtomic.ts'

/**
 * Makes the job directory of one run: spec, data, the seeds known so far and the checkpoint to resume from.
 * Whatever an earlier try left there is thrown away; call it only before the run has started.
 */
export async function prepareRun(args: {
  paths: OrderPaths
  run: string
  /** Called once the directory is there: a seed that comes later is written by whoever learns it. */
  seeds: () => readonly { seed: string }[]
  /** File of the checkpoint to resume from; none for the order's beginning, which may be another order's checkpoint. */
  before?: string | undefined
}): Promise<string> {
  const { paths, run, seeds } = args
  const before = args.before ?? ((await fileIsThere(paths.start)) ? paths.start : undefined)
  const dir = paths.runDir(run)
  await rm(dir, { recursive: true, force: true })
  await mkdir(join(dir, 'in', 'windows'), { recursive: true, mode: 0o755 })
  await mkdir(join(dir, 'out'), { mode: 0o755 })
  await share(paths.spec, join(dir, 'spec.json'))
  await share(paths.train, join(dir, 'data', 'train.safetensors'))
  await share(paths.heldOut, join(dir, 'data', 'heldOut.safetensors'))
  if (before !== undefined) await share(before, join(dir, 'in', 'checkpoint', 'state.safetensors'))
  for (const [window, { seed }] of seeds().entries()) await writeSeed(dir, window, seed)
  return dir
}

/** Hands a window's seed to a run; a reader never sees half of it. */
export async function writeSeed(dir: string, window: number, seed: string): Promise<void> {
  const path = join(dir, 'in', 'windows', `${window}.json`)
  if (!(await fileIsThere(path))) await writeFileAtomic(path, JSON.stringify({ seed }))
}

/** A hard link costs no space, and the job can only read it; other file systems get a copy. */
export async function share(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  try {
    await link(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EXDEV' || error.code === 'EPERM')))
      throw error
    await copyFile(from, to)
  }
}
