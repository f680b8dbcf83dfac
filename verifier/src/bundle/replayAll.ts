import { TrainingDiverged } from '../canonical/step.ts'
import type { TrainState } from '../canonical/types.ts'
import { checkpointRoot } from '../checkpointRoot.ts'
import type { CanonicalJob } from '../job.ts'
import type { JobState } from '../jobState.ts'
import { type Replay, replaySegment } from '../replay.ts'
import { trainerHash } from '../trainerHash.ts'
import { OtherTrainer } from './blocked.ts'
import { PATHS } from './paths.ts'
import type { BundleFiles } from './read.ts'

/** A segment run again, or why it could not be. */
export type Replayed = Replay | { unreplayed: string }

/**
 * Runs every committed segment of a canonical job again, from the bundle's checkpoint 0 on. After a mismatch it goes on from the
 * next window's checkpoint, if that is the one its seller claims, so that each wrong segment is named by itself.
 * Throws OtherTrainer.
 */
export function replayAll(bundle: BundleFiles, job: CanonicalJob): Replayed[] {
  requireTrainer(bundle)
  const replayed: Replayed[] = []
  const { bounds } = bundle.coverage()
  let state = canonicalState(bundle, 0)
  for (let window = 0; window + 1 < bounds.length; window++) {
    if (!state) state = claimedState(bundle, bounds[window]!)
    for (let segment = bounds[window]!; segment < bounds[window + 1]!; segment++) {
      const result = replayOne(bundle, job, state, segment)
      replayed.push(result)
      const claimed = bundle.leaves()[segment]!.stateRootAfter
      state = 'state' in result && result.stateRoot === claimed ? onlyCanonical(result.state) : null
    }
  }
  return replayed
}

/** Throws OtherTrainer if the job is for a canonical trainer that is not this package's. */
export function requireTrainer(bundle: BundleFiles): void {
  const job = bundle.job()
  if (job.version !== 1) return
  const wanted = job.environment.trainerHash
  const own = trainerHash()
  if (wanted !== own) throw new OtherTrainer(wanted, own)
}

function canonicalState(bundle: BundleFiles, step: number): TrainState | null {
  return onlyCanonical(bundle.checkpoint(step))
}

function onlyCanonical(state: JobState): TrainState | null {
  return 'tensors' in state ? null : state
}

function replayOne(
  bundle: BundleFiles,
  job: CanonicalJob,
  stateBefore: TrainState | null,
  segment: number,
): Replayed {
  if (!stateBefore) return { unreplayed: 'the state before it is not known' }
  try {
    return replaySegment({ job, data: bundle.train(), seeds: bundle.seeds(), stateBefore, segment })
  } catch (error) {
    if (error instanceof TrainingDiverged) return { unreplayed: error.message }
    throw error
  }
}

function claimedState(bundle: BundleFiles, segment: number): TrainState | null {
  const leaf = bundle.leaves()[segment]!
  const state = canonicalState(bundle, leaf.firstStep)
  const root = checkpointRoot(bundle.bytes(PATHS.checkpoint(leaf.firstStep)))
  return root === leaf.stateRootBefore && state?.step === leaf.firstStep ? state : null
}
