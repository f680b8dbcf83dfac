import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyJob, Rental } from '@trainyard/verifier/rental.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { ZeroHash } from 'ethers'
import type { OrderPaths } from '../engine/orderPaths.ts'
import { prepareRun, share } from '../engine/prepareRun.ts'
import { planOf } from '../order/plan.ts'

/**
 * Makes the job directory of a rental's run. A training job finds what it finds in any order, all seeds at once: without
 * proof they wait for no beacon. Any other program finds the files of its job in data/.
 */
export async function prepareProgram(
  paths: OrderPaths,
  run: string,
  orderId: string,
  job: Rental,
): Promise<string> {
  if (job.version !== 3) {
    const seeds = Array.from({ length: planOf(job).windows }, (_, window) => ({
      seed: windowSeed({ jobSeed: job.seed, orderId, window, beacon: ZeroHash }),
    }))
    return prepareRun({ paths, run, seeds: () => seeds })
  }
  const dir = paths.runDir(run)
  await rm(dir, { recursive: true, force: true })
  for (const part of ['in', 'out', 'data']) await mkdir(join(dir, part), { recursive: true, mode: 0o755 })
  await share(paths.spec, join(dir, 'spec.json'))
  for (const { name } of job.files ?? []) await share(paths.file(name), join(dir, 'data', name))
  return dir
}

/** The last step that a run goes to; any other program knows none. */
export const lastStepOfJob = (job: AnyJob): number => (job.version === 3 ? 0 : job.steps)
