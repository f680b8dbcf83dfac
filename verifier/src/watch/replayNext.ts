import { TrainingDiverged } from '../canonical/step.ts'
import { DataUnfit } from '../canonical/workspace.ts'
import type { Hex } from '../hash/hex.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { JobFailed, ReplayUnavailable } from '../image/errors.ts'
import { type AuditArgs, prepareAudit, serve } from './auditOrder.ts'
import { fetchJob } from './fetchJob.ts'
import { NotYet } from './NotYet.ts'

/** What became of the segment after the last committed one. unavailable: the state before it is not served. */
export type NextSegment =
  | {
      readonly kind: 'state'
      readonly segment: number
      readonly root: Hex
      readonly inner: readonly InnerStep[]
    }
  | { readonly kind: 'stalled' | 'unavailable' }

/**
 * Goes on where an order that ended as JOB_STALLED stopped. A job that fails there comes to no state as one that stands still
 * does: that one takes for ever, and is given up by whoever waits (lookAtNext). Throws NotYet where its image cannot be run here.
 */
export async function replayNext(args: AuditArgs): Promise<NextSegment> {
  const { facts } = args
  const segment = facts.windows.reduce((sum, { segments }) => sum + segments, 0)
  const found = await fetchJob(facts, args.content)
  if (found.kind === 'invalid') return { kind: 'stalled' }
  const audit = await prepareAudit(args, found)
  if ('impossible' in audit) return { kind: 'stalled' }
  const { first } = audit.schedule.segmentSteps(segment)
  const before = await serve(audit, first, facts.windows.at(-1)!.lastStateRoot)
  if (before.kind !== 'state') return { kind: 'unavailable' }
  try {
    const { stateRoot: root, inner } = await audit.rerun.replay(before.state, segment)
    return { kind: 'state', segment, root, inner }
  } catch (error) {
    if (error instanceof ReplayUnavailable) throw new NotYet(error.message)
    const isOver =
      error instanceof JobFailed || error instanceof TrainingDiverged || error instanceof DataUnfit
    if (isOver) return { kind: 'stalled' }
    throw error
  }
}
