import { scheduleOf } from '../canonical/schedule.ts'
import type { DataSet, WindowSeeds } from '../canonical/types.ts'
import { batchRoot } from '../hash/batchRoot.ts'
import { toHex } from '../hash/hex.ts'
import { innerRoot } from '../hash/innerRoot.ts'
import { rngRoot } from '../hash/rngRoot.ts'
import { stateRoot } from '../hash/stateRoot.ts'
import type { ImageJob } from '../job.ts'
import { readImageState } from '../jobState.ts'
import type { Replay } from '../replay.ts'
import type { ImageOutput } from './replayFolder.ts'

/**
 * What one segment of an image's run comes to. State and bits are the image's; batches and counters are computed
 * here from data and seeds, so that a program that takes other data or another order than the job says does not pass.
 */
export function imageReplay(args: {
  job: ImageJob
  data: DataSet
  seeds: WindowSeeds
  segment: number
  output: ImageOutput
  /** first step of that run */
  fromStep: number
}): Replay {
  const { job, data, segment, output, fromStep } = args
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  const state = readImageState(output.checkpoints.get(end)!)
  const inner = output.inner.slice(first - fromStep, end - fromStep)
  const consumed = end * job.hyperparameters.batchSize
  const counters = {
    step: end,
    epoch: Math.floor(consumed / data.samples),
    cursor: consumed % data.samples,
  }
  return {
    state,
    stateRoot: toHex(stateRoot(state.tensors)),
    innerRoot: toHex(innerRoot(first, inner)),
    batchRoot: toHex(batchRoot(args)),
    rngRoot: toHex(rngRoot(counters)),
    inner,
  }
}
