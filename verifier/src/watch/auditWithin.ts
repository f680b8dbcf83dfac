import type { SegmentLeaf } from '../segment.ts'
import { judgeBy } from '../tolerance/judge.ts'
import { measure } from '../tolerance/measure.ts'
import { replayOf, type SegmentAudit } from './auditSegment.ts'
import type { StateFinding } from './readState.ts'
import type { Rerun } from './rerun.ts'

/** Losses stay secret until the order is settled: states alone are compared. */
const noLoss = { inner: [] }

/**
 * Judges one segment on hardware that may be unlike the seller's: re-executes it from the committed state before it, and
 * passes if the committed end is within the job's tolerance of its own. What is no arithmetic must be equal. The state that it
 * returns is the committed one, from which the next segment is judged. Throws NotYet if the job's image cannot be run now.
 * @param claimed the committed state after it, as it is served
 */
export async function auditWithin(args: {
  rerun: Pick<Rerun, 'replay'>
  leaf: SegmentLeaf
  before: StateFinding
  claimed: () => Promise<StateFinding>
  tolerance: { readonly e: number; readonly cosine: number }
}): Promise<SegmentAudit> {
  const { rerun, leaf, before, tolerance } = args
  const run = await replayOf({ rerun, leaf, before })
  if ('report' in run) return run
  const { replay } = run
  const base = {
    segment: leaf.segment,
    expected: replay.stateRoot,
    claimed: leaf.stateRootAfter,
    tensors: [],
  }
  const fail = (reason: string): SegmentAudit => ({
    report: { ...base, verdict: 'fail', reason: reason.slice(0, 500) },
  })
  if (replay.batchRoot !== leaf.batchRoot) return fail('the replay differs in the batches')
  if (replay.rngRoot !== leaf.rngRoot) return fail('the replay differs in the data cursor')
  const after = await args.claimed()
  if (after.kind === 'unavailable')
    return { report: { ...base, verdict: 'unavailable', reason: after.reason } }
  if (after.kind === 'unusable') return fail(after.reason)
  const distance = measure(run.before, { state: replay.state, ...noLoss }, { state: after.state, ...noLoss })
  const { word, reasons } = judgeBy({ ...tolerance, loss: 0 }, distance)
  if (word === 'outside') return fail(`outside the tolerance: ${reasons.join('; ')}`)
  return { report: { ...base, verdict: 'pass' }, replayed: after.state, inner: [] }
}
