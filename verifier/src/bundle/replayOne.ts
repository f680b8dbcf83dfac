import { InputInvalid } from '../errors.ts'
import type { Replay } from '../replay.ts'
import { replaySegment } from '../replay.ts'
import type { SegmentLeaf } from '../segment.ts'
import { type Bundle, readBundle } from './read.ts'
import { requireTrainer } from './replayAll.ts'

/** A segment's claim beside what it comes to from the bundle's nearest checkpoint before it. */
export type Comparison = {
  segment: number
  fromStep: number
  claimed: SegmentLeaf
  found: Replay
  equal: boolean
}

/**
 * Replays one segment of a bundle. Throws InputInvalid for a segment that was not committed, and Blocked or
 * OtherTrainer for a bundle that cannot be replayed.
 */
export function replayOne(dir: string, segment: number): Comparison {
  const bundle = readBundle(dir)
  requireTrainer(bundle)
  const claimed = bundle.leaves()[segment]
  if (!claimed)
    throw new InputInvalid('segment', `there are ${bundle.coverage().segments} committed segments`)
  const { fromStep, found } = replayUpTo(bundle, segment)
  const fields = ['stateRootAfter', 'innerRoot', 'batchRoot', 'rngRoot'] as const
  const equal = fields.every(
    (field) => claimed[field] === found[field === 'stateRootAfter' ? 'stateRoot' : field],
  )
  return { segment, fromStep, claimed, found, equal }
}

function replayUpTo(bundle: Bundle, segment: number): { fromStep: number; found: Replay } {
  const { bounds } = bundle.coverage()
  const first = bounds.findLast((bound) => bound <= segment) ?? 0
  const fromStep = bundle.leaves()[first]!.firstStep
  const [job, data, seeds] = [bundle.job(), bundle.train(), bundle.seeds()]
  let found = replaySegment({ job, data, seeds, stateBefore: bundle.checkpoint(fromStep), segment: first })
  for (let next = first + 1; next <= segment; next++) {
    found = replaySegment({ job, data, seeds, stateBefore: found.state, segment: next })
  }
  return { fromStep, found }
}
