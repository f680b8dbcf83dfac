import { Blocked, Undecidable } from '../bundle/blocked.ts'
import { runSegments } from '../bundle/imageWork.ts'
import { PATHS } from '../bundle/paths.ts'
import type { Bundle } from '../bundle/read.ts'
import { requireTrainer } from '../bundle/replayAll.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { imageReplay } from '../image/imageReplay.ts'
import type { Replayer } from '../image/runImage.ts'
import type { JobState } from '../jobState.ts'
import { type Replay, replaySegment } from '../replay.ts'
import { type Distance, measure, type Outcome } from './measure.ts'

/** What lies between two checkpoints of a bundle: a window. */
export type Stretch = { window: number; segments: readonly [first: number, end: number]; distance: Distance }

/**
 * Replays a bundle's windows here, each from the checkpoint that its seller claims before it, and measures how far its end is
 * from the one that is claimed. Batches and counters are not arithmetic: they must be equal. Throws Blocked where a checkpoint
 * is not the one that was committed, or leaves do not chain, and Undecidable where this machine cannot run the job.
 */
export function* stretchesOf(bundle: Bundle, replayer: Replayer | undefined): Generator<Stretch> {
  requireTrainer(bundle)
  const { bounds } = bundle.coverage()
  requireCommitted(bundle)
  for (let window = 0; window + 1 < bounds.length; window++) {
    const segments = [bounds[window]!, bounds[window + 1]!] as const
    const leaves = bundle.leaves().slice(...segments)
    const before = bundle.checkpoint(leaves[0]!.firstStep)
    const replays = replayWindow(bundle, before, segments, replayer)
    const claimed = { state: bundle.checkpoint(leaves.at(-1)!.lastStep), inner: innerOf(bundle, segments) }
    const distance = measure(before, outcomeOf(replays), claimed)
    replays.forEach(({ batchRoot, rngRoot }, i) => {
      if (batchRoot !== leaves[i]!.batchRoot)
        distance.unequal.push(`the batches of segment ${segments[0] + i}`)
      if (rngRoot !== leaves[i]!.rngRoot) distance.unequal.push(`the counters of segment ${segments[0] + i}`)
    })
    yield { window, segments, distance }
  }
}

/** Tolerance is for arithmetic alone: what is compared is what was committed, from the job's own beginning. */
function requireCommitted(bundle: Bundle): void {
  const leaves = bundle.leaves()
  leaves.forEach((leaf, i) => {
    if (i > 0 && leaf.stateRootBefore !== leaves[i - 1]!.stateRootAfter) throw new Blocked('leaf-chain')
  })
  if (bundle.initialRoot() !== leaves[0]!.stateRootBefore) throw new Blocked('init')
  for (const leaf of leaves) {
    if (!bundle.listing.files.has(PATHS.checkpoint(leaf.firstStep))) continue
    if (checkpointRoot(bundle.bytes(PATHS.checkpoint(leaf.firstStep))) !== leaf.stateRootBefore)
      throw new Blocked('checkpoint')
  }
  const last = leaves.at(-1)!
  if (checkpointRoot(bundle.bytes(PATHS.checkpoint(last.lastStep))) !== last.stateRootAfter)
    throw new Blocked('checkpoint')
}

function replayWindow(
  bundle: Bundle,
  before: JobState,
  [first, end]: readonly [number, number],
  replayer: Replayer | undefined,
): Replay[] {
  const job = bundle.job()
  const [data, seeds] = [bundle.train(), bundle.seeds()]
  const segments = Array.from({ length: end - first }, (_, i) => first + i)
  if (job.version === 2) {
    const run = runSegments(bundle, job, [first, end], replayer)
    if ('failed' in run) throw new Undecidable(`segment ${first}: ${run.failed}`)
    return segments.map((segment) => imageReplay({ job, data, seeds, segment, ...run }))
  }
  let stateBefore = before
  return segments.map((segment) => {
    if ('tensors' in stateBefore) throw new TypeError('a canonical job has no such state')
    const replay = replaySegment({ job, data, seeds, stateBefore, segment })
    stateBefore = replay.state
    return replay
  })
}

function outcomeOf(replays: readonly Replay[]): Outcome {
  return { state: replays.at(-1)!.state, inner: replays.flatMap(({ inner }) => inner) }
}

function innerOf(bundle: Bundle, [first, end]: readonly [number, number]): InnerStep[] {
  return Array.from({ length: end - first }, (_, i) => bundle.inner(first + i)).flat()
}
