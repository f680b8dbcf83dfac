import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CanonicalJob, parseJob } from '@trainyard/verifier/job.ts'

const POLL_MS = 20

/** The job of a folder; cheats know the canonical trainer's states only. */
export function readSpec(jobDir: string): CanonicalJob {
  const job = parseJob(readFileSync(join(jobDir, 'spec.json')))
  if (job.version === 1) return job
  throw new Error('there is no cheat for jobs that run in an image')
}

/** A job folder beside the real one, with the seeds so far, in which the cheat trains a segment that it does train. */
export function makePrivateFolder(jobDir: string, segment: number): string {
  const folder = join(jobDir, 'run', `cheat-${segment}`)
  for (const sub of ['data', 'in/windows', 'in/checkpoint', 'out'])
    mkdirSync(join(folder, sub), { recursive: true })
  copyFileSync(join(jobDir, 'spec.json'), join(folder, 'spec.json'))
  cpSync(join(jobDir, 'data'), join(folder, 'data'), { recursive: true })
  cpSync(join(jobDir, 'in', 'windows'), join(folder, 'in', 'windows'), { recursive: true })
  return folder
}

/** Waits until the daemon has written the window's seed. */
export async function seedIsThere(jobDir: string, window: number, signal: AbortSignal): Promise<void> {
  const seed = join(jobDir, 'in', 'windows', `${window}.json`)
  while (!existsSync(seed)) await sleep(POLL_MS, undefined, { signal })
}

export function checkpointFile(jobDir: string, step: number): string {
  return join(jobDir, 'out', 'checkpoints', String(step), 'state.safetensors')
}
