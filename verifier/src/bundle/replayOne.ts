import { ArgumentInvalid, InputInvalid } from '../errors.ts'
import { imageReplay } from '../image/imageReplay.ts'
import type { Replayer } from '../image/runImage.ts'
import type { CanonicalJob, ImageJob } from '../job.ts'
import { type Replay, replaySegment } from '../replay.ts'
import type { SegmentLeaf } from '../segment.ts'
import { runSegments } from './imageWork.ts'
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
 * Replays one segment of a bundle. Throws ArgumentInvalid for a segment that was not committed, and Blocked or
 * Undecidable for a bundle that cannot be replayed.
 */
export function replayOne(dir: string, segment: number, replayer?: Replayer): Comparison {
  const bundle = readBundle(dir, replayer)
  const job = bundle.job()
  requireTrainer(bundle)
  const claimed = bundle.leaves()[segment]
  if (!claimed)
    throw new ArgumentInvalid(
      `There is no segment ${segment}: ${bundle.coverage().segments} were committed, counted from 0`,
    )
  const { bounds } = bundle.coverage()
  const first = bounds.findLast((bound) => bound <= segment) ?? 0
  const { firstStep: fromStep } = bundle.leaves()[first]!
  const found =
    job.version === 1
      ? replayUpTo(bundle, job, first, segment)
      : replayImageUpTo(bundle, job, first, segment, replayer)
  const fields = ['stateRootAfter', 'innerRoot', 'batchRoot', 'rngRoot'] as const
  const equal = fields.every(
    (field) => claimed[field] === found[field === 'stateRootAfter' ? 'stateRoot' : field],
  )
  return { segment, fromStep, claimed, found, equal }
}

function replayUpTo(bundle: Bundle, job: CanonicalJob, first: number, segment: number): Replay {
  const [data, seeds] = [bundle.train(), bundle.seeds()]
  let stateBefore = bundle.checkpoint(bundle.leaves()[first]!.firstStep)
  for (let next = first; ; next++) {
    if ('tensors' in stateBefore) throw new TypeError('a canonical job has no such state')
    const found = replaySegment({ job, data, seeds, stateBefore, segment: next })
    if (next === segment) return found
    stateBefore = found.state
  }
}

function replayImageUpTo(
  bundle: Bundle,
  job: ImageJob,
  first: number,
  segment: number,
  replayer: Replayer | undefined,
): Replay {
  const run = runSegments(bundle, job, [first, segment + 1], replayer)
  if ('failed' in run) throw new InputInvalid('segment', run.failed)
  return imageReplay({ job, data: bundle.train(), seeds: bundle.seeds(), segment, ...run })
}
