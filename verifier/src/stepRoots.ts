import { stateTensors } from './canonical/checkpoint.ts'
import { scheduleOf } from './canonical/schedule.ts'
import { trainSteps } from './canonical/train.ts'
import type { DataSet, TrainingJob, TrainState, WindowSeeds } from './canonical/types.ts'
import { type Hex, toHex } from './hash/hex.ts'
import { stateRoot } from './hash/stateRoot.ts'
import { copyState } from './replay.ts'

/**
 * State root after each step of a canonical job's segment, run from the state before it, which is left untouched. What
 * both sides of a dispute post, so that the first step on which they differ can be found.
 * @param steps only so many of them
 */
export function segmentStepRoots(args: {
  job: TrainingJob
  data: DataSet
  seeds: WindowSeeds
  stateBefore: TrainState
  segment: number
  steps?: number | undefined
}): Hex[] {
  const { job, data, seeds, stateBefore, segment, steps } = args
  const { first, end } = scheduleOf(job).segmentSteps(segment)
  const toStep = steps === undefined ? end : first + steps
  if (toStep <= first || toStep > end) throw new RangeError(`segment ${segment} has no step ${steps}`)
  const roots: Hex[] = []
  const state = copyState(stateBefore)
  trainSteps({
    job,
    data,
    seeds,
    state,
    fromStep: first,
    toStep,
    onStep: () => roots.push(toHex(stateRoot(stateTensors(state)))),
  })
  return roots
}
