import { TrainingDiverged } from '../canonical/step.ts'
import { DataUnfit } from '../canonical/workspace.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { JobFailed, ReplayUnavailable } from '../image/errors.ts'
import type { JobState } from '../jobState.ts'
import type { Replay } from '../replay.ts'
import type { SegmentLeaf } from '../segment.ts'
import { NotYet } from './NotYet.ts'
import type { StateFinding } from './readState.ts'
import type { SegmentReport } from './report.ts'
import type { Rerun } from './rerun.ts'

export type SegmentAudit = {
  readonly report: SegmentReport
  /** the state that the replay came to, if it ran, and its losses and gradient norms */
  readonly replayed?: JobState
  readonly inner?: readonly InnerStep[]
}

/**
 * Judges one segment: re-executes it from the committed state before it and compares everything the leaf claims.
 * Only equality passes. A state that could not be had is `unavailable`; one that is committed but no state of the
 * job, or work that this job cannot produce, is `fail`. Throws NotYet if the job's image cannot be run now.
 */
export async function auditSegment(args: {
  rerun: Pick<Rerun, 'replay'>
  leaf: SegmentLeaf
  before: StateFinding
}): Promise<SegmentAudit> {
  const { leaf } = args
  const run = await replayOf(args)
  if ('report' in run) return run
  const { replay } = run
  const reason = differenceFrom(leaf, replay)
  const report = {
    ...{ segment: leaf.segment, claimed: leaf.stateRootAfter, tensors: [] },
    expected: replay.stateRoot,
    verdict: reason ? ('fail' as const) : ('pass' as const),
  }
  return { report: reason ? { ...report, reason } : report, replayed: replay.state, inner: replay.inner }
}

/** A segment's replay, or the verdict where there is nothing to replay. Throws NotYet. */
export async function replayOf(args: {
  rerun: Pick<Rerun, 'replay'>
  leaf: SegmentLeaf
  before: StateFinding
}): Promise<{ replay: Replay; before: JobState } | { report: SegmentReport }> {
  const { rerun, leaf, before } = args
  const base = { segment: leaf.segment, expected: null, claimed: leaf.stateRootAfter, tensors: [] }
  if (before.kind === 'unavailable')
    return { report: { ...base, verdict: 'unavailable', reason: before.reason } }
  if (before.kind === 'unusable') return { report: { ...base, verdict: 'fail', reason: before.reason } }
  try {
    return { replay: await rerun.replay(before.state, leaf.segment), before: before.state }
  } catch (error) {
    if (error instanceof ReplayUnavailable) throw new NotYet(error.message)
    const isJobs = [TrainingDiverged, DataUnfit, JobFailed].some((kind) => error instanceof kind)
    if (!(isJobs && error instanceof Error)) throw error
    return {
      report: { ...base, verdict: 'fail', reason: `this job cannot give that state: ${error.message}` },
    }
  }
}

function differenceFrom(leaf: SegmentLeaf, replay: Replay): string | undefined {
  const differences = [
    replay.stateRoot !== leaf.stateRootAfter && 'the state after it',
    replay.innerRoot !== leaf.innerRoot && 'losses or gradient norms',
    replay.batchRoot !== leaf.batchRoot && 'the batches',
    replay.rngRoot !== leaf.rngRoot && 'the data cursor',
  ].filter((what) => what !== false)
  return differences.length > 0 ? `the replay differs in ${differences.join(', ')}` : undefined
}
