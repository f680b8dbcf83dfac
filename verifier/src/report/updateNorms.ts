import { known } from '../bundle/known.ts'
import type { Bundle } from '../bundle/read.ts'
import type { JobState } from '../jobState.ts'
import { distanceOf, weightsOf } from './weights.ts'

/** How far a stretch of segments moved the weights. */
export type UpdateNorm = { first: number; end: number; norm: number | null }

/**
 * Euclidean norm of each segment's change of the weights as replayed here; where nothing is replayed, of each window's
 * as its seller claims it.
 */
export function updateNorms(bundle: Bundle): UpdateNorm[] {
  const replays = known(() => bundle.replays())
  return replays ? perSegment(bundle, replays) : perWindow(bundle)
}

function perSegment(bundle: Bundle, replays: ReturnType<Bundle['replays']>): UpdateNorm[] {
  const { bounds } = bundle.coverage()
  let before: JobState | null = null
  return replays.map((replay, segment) => {
    if (bounds.includes(segment)) before = known(() => bundle.checkpoint(bundle.leaves()[segment]!.firstStep))
    const after = 'unreplayed' in replay ? null : replay.state
    const norm = before && after ? distanceOf(weightsOf(before), weightsOf(after)) : null
    before = after
    return { first: segment, end: segment + 1, norm }
  })
}

function perWindow(bundle: Bundle): UpdateNorm[] {
  const { bounds, checkpoints } = bundle.coverage()
  return bounds.slice(1).map((end, window) => {
    const [before, after] = [0, 1].map((i) => known(() => bundle.checkpoint(checkpoints[window + i]!)))
    const norm = before && after ? distanceOf(weightsOf(before), weightsOf(after)) : null
    return { first: bounds[window]!, end, norm }
  })
}
