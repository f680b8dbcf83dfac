import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Job, parseJob } from '@trainyard/verifier/job.ts'

const POLL_MS = 20

export function readSpec(jobDir: string): Job {
  return parseJob(readFileSync(join(jobDir, 'spec.json')))
}

/** A job folder beside the real one, in which the cheat trains the segments that it does train. */
export function makePrivateFolder(jobDir: string): string {
  const folder = join(jobDir, 'run', 'cheat')
  for (const sub of ['data', 'in/windows', 'in/checkpoint', 'out'])
    mkdirSync(join(folder, sub), { recursive: true })
  copyFileSync(join(jobDir, 'spec.json'), join(folder, 'spec.json'))
  cpSync(join(jobDir, 'data'), join(folder, 'data'), { recursive: true })
  return folder
}

/** Waits until the daemon has written the window's seed and copies what seeds there are. */
export async function copySeeds(
  jobDir: string,
  folder: string,
  window: number,
  signal: AbortSignal,
): Promise<void> {
  const seeds = join(jobDir, 'in', 'windows')
  while (!existsSync(join(seeds, `${window}.json`))) await sleep(POLL_MS, undefined, { signal })
  for (const name of readdirSync(seeds)) copyFileSync(join(seeds, name), join(folder, 'in', 'windows', name))
}

export function checkpointFile(jobDir: string, step: number): string {
  return join(jobDir, 'out', 'checkpoints', String(step), 'state.safetensors')
}
