import { coverageOf } from '../bundle/paths.ts'
import { progressLine } from '../bundle/progress.ts'
import { writeCheckpoint } from '../canonical/checkpoint.ts'
import { readDataSet } from '../canonical/dataSet.ts'
import { initialState } from '../canonical/init.ts'
import type { TrainState } from '../canonical/types.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import type { CanonicalJob } from '../job.ts'
import { readStateAt } from '../jobState.ts'
import { replaySegment } from '../replay.ts'
import { windowSeed } from '../windowSeed.ts'
import type { Named, Trace } from './collectParts.ts'

/**
 * What the seller of a canonical job would serve if it trained as ordered: all of it follows from job, data and
 * beacons. Whether the seller did is then what its committed roots say. Throws TrainingDiverged, SafetensorsInvalid,
 * DataUnfit, and RangeError for windows that are none of the job's.
 * @param start checkpoint file that training begins with, if not with the seed's weights
 */
export function recomputeTrace({ order, train }: Named, job: CanonicalJob, start?: Uint8Array): Trace {
  const { orderId, twin, windows } = order
  const seeds = windows.map(({ beacon }, window) => {
    return windowSeed({ jobSeed: job.seed, orderId, twin, window, beacon })
  })
  const data = readDataSet(train)
  const { segments, checkpoints: steps } = coverageOf(job, order)
  let state = start ? canonicalStart(start, job) : initialState(job)
  const checkpoints = new Map([[0, start ?? writeCheckpoint(state)]])
  const inner: (readonly InnerStep[])[] = []
  for (let segment = 0; segment < segments; segment++) {
    const replay = replaySegment({ job, data, seeds, stateBefore: state, segment })
    state = replay.state
    inner.push(replay.inner)
    if (steps.includes(state.step)) checkpoints.set(state.step, writeCheckpoint(state))
  }
  const { batchSize } = job.hyperparameters
  const lines = inner.flat().map((bits, i) => `${progressLine(i + 1, bits, (i + 1) * batchSize)}\n`)
  return { checkpoints, inner, progress: new TextEncoder().encode(lines.join('')) }
}

function canonicalStart(start: Uint8Array, job: CanonicalJob): TrainState {
  const state = readStateAt(0, start, job)
  if ('tensors' in state) throw new TypeError('a canonical job has no such state')
  return state
}
