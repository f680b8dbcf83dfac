import { stateTensors } from './canonical/checkpoint.ts'
import { scheduleOf } from './canonical/schedule.ts'
import { trainSteps } from './canonical/train.ts'
import type { DataSet, TrainingJob, TrainState, WindowSeeds } from './canonical/types.ts'
import { batchLeaf } from './hash/batchRoot.ts'
import { type Hex, toHex } from './hash/hex.ts'
import { type InnerStep, innerRoot } from './hash/innerRoot.ts'
import { createMerkle } from './hash/merkle.ts'
import { rngRoot } from './hash/rngRoot.ts'
import { stateRoot } from './hash/stateRoot.ts'
import type { JobState } from './jobState.ts'

/** What a segment comes to when it is really run. */
export type Replay<State extends JobState = JobState> = {
  state: State
  stateRoot: Hex
  innerRoot: Hex
  batchRoot: Hex
  rngRoot: Hex
  inner: readonly InnerStep[]
}

/**
 * Re-executes one segment of a canonical job from the state before it, which is left untouched.
 * @param seeds of windows 0 to the segment's
 */
export function replaySegment(args: {
  job: TrainingJob
  data: DataSet
  seeds: WindowSeeds
  stateBefore: TrainState
  segment: number
}): Replay<TrainState> {
  const { job, data, seeds, stateBefore, segment } = args
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  const inner: InnerStep[] = []
  const batches = createMerkle()
  const state = trainSteps({
    job,
    data,
    seeds,
    state: copyState(stateBefore),
    fromStep: first,
    toStep: end,
    onStep({ step, lossBits, gradNormBits, batch }) {
      inner.push([lossBits, gradNormBits])
      batches.push(batchLeaf(step, batch, data))
    },
  })
  return {
    state,
    stateRoot: toHex(stateRoot(stateTensors(state))),
    innerRoot: toHex(innerRoot(first, inner)),
    batchRoot: toHex(batches.root()),
    rngRoot: toHex(rngRoot(state)),
    inner,
  }
}

/** A state that can be trained on while the first stays as it is. */
export function copyState(state: TrainState): TrainState {
  return {
    ...state,
    params: state.params.map((values) => values.slice()),
    momenta: state.momenta.map((values) => values.slice()),
  }
}
