import { known } from '../bundle/known.ts'
import type { Bundle } from '../bundle/read.ts'
import type { Replayed } from '../bundle/replayAll.ts'
import { TrainingDiverged } from '../canonical/step.ts'
import type { Job } from '../job.ts'
import type { JobState } from '../jobState.ts'
import { replaySegment } from '../replay.ts'
import { type Difference, differenceOf } from '../watch/differenceOf.ts'

/** A window whose replay came to another state, and how far that is from the claimed one at the window's end. */
export type WindowDifference = {
  window: number
  /** first segment that differs */
  segment: number
  /** null where the claimed or the true state at the window's end is not known */
  difference: Difference | null
}

/**
 * Compares what a bundle claims with its replay, tensor by tensor. A bundle has claimed states at the ends of windows
 * only: where an earlier segment differs, honest training goes on to there.
 */
export function findDifferences(bundle: Bundle): WindowDifference[] {
  const { bounds, checkpoints } = bundle.coverage()
  const [job, replays, leaves] = [bundle.job(), bundle.replays(), bundle.leaves()]
  return bounds.slice(1).flatMap((end, window) => {
    const first = bounds[window]!
    const segment = replays.findIndex((replay, i) => {
      return i >= first && i < end && 'state' in replay && replay.stateRoot !== leaves[i]!.stateRootAfter
    })
    if (segment < 0) return []
    const found = trainOn(bundle, job, replays[segment]!, segment, end)
    const before = known(() => bundle.checkpoint(checkpoints[window]!))
    const claimed = known(() => bundle.checkpoint(checkpoints[window + 1]!))
    const difference = found && before && claimed ? differenceOf(found, claimed, before) : null
    return [{ window, segment, difference }]
  })
}

function trainOn(bundle: Bundle, job: Job, replay: Replayed, segment: number, end: number): JobState | null {
  if ('unreplayed' in replay) return null
  let { state } = replay
  const [data, seeds] = [bundle.train(), bundle.seeds()]
  try {
    for (let next = segment + 1; next < end; next++) {
      if (job.version !== 1 || 'tensors' in state) return null // would need the image again
      state = replaySegment({ job, data, seeds, stateBefore: state, segment: next }).state
    }
    return state
  } catch (error) {
    if (error instanceof TrainingDiverged) return null
    throw error
  }
}
