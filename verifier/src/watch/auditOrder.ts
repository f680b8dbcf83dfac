import { availableParallelism } from 'node:os'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { SafetensorsInvalid } from '../canonical/safetensors.ts'
import { type Schedule, scheduleOf } from '../canonical/schedule.ts'
import { DataUnfit } from '../canonical/workspace.ts'
import { type Hex, toHex } from '../hash/hex.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { stateRoot } from '../hash/stateRoot.ts'
import { JobFailed, ReplayUnavailable } from '../image/errors.ts'
import type { Job } from '../job.ts'
import { type JobState, tensorsOf } from '../jobState.ts'
import type { SegmentLeaf } from '../segment.ts'
import { windowSeed } from '../windowSeed.ts'
import type { AuditFacts } from './auditFacts.ts'
import { auditSegment } from './auditSegment.ts'
import { auditWithin } from './auditWithin.ts'
import { checkDelivery } from './checkDelivery.ts'
import type { ContentCache } from './contentCache.ts'
import { differenceOf } from './differenceOf.ts'
import { fetchEvidence, type WindowFinding } from './fetchEvidence.ts'
import { fetchJob, type JobFinding } from './fetchJob.ts'
import { fetchState } from './fetchState.ts'
import { NotYet } from './NotYet.ts'
import type { StateFinding } from './readState.ts'
import type { SegmentReport } from './report.ts'
import { openRerun, type Rerun, type RunStretch } from './rerun.ts'
import type { Seller } from './sellerFile.ts'

/** A segment's report and the distance over all its tensors: 0 for a pass, null if there is none to give. */
export type AuditedSegment = {
  readonly report: SegmentReport
  readonly d: number | null
  /** what it was replayed with and from, where it was */
  readonly replayed?: {
    readonly rerun: Rerun
    readonly before: JobState
    readonly leaves: readonly SegmentLeaf[]
    readonly inner: readonly InnerStep[]
  }
}

/** An audit under way. */
export type Audit = {
  readonly facts: AuditFacts
  readonly seller: Seller
  readonly content: ContentCache
  readonly job: Job
  readonly rerun: Rerun
  readonly schedule: Schedule
  readonly windows: readonly WindowFinding[]
  readonly giveUpAtMs: number
  /** states whose root is known to be theirs */
  readonly known: Map<string, JobState>
  /** set once the seller's endpoint did not answer */
  readonly silence: { reason?: string }
}

/** What an audit is made with. */
export type AuditArgs = {
  readonly facts: AuditFacts
  readonly seller: Seller
  readonly content: ContentCache
  readonly deployment: Deployment
  readonly final: boolean
  readonly giveUpAtMs: number
  /** runs a job's image */
  readonly runStretch: RunStretch
}

/**
 * Audits an order's drawn segments. While `final` is false, whatever cannot be had throws NotYet, so that it is
 * tried again; the last try, and any other from `giveUpAtMs` on (this machine's clock), turns what the seller does not
 * serve into `unavailable`.
 */
export async function auditOrder(args: AuditArgs & { drawn: readonly number[] }): Promise<AuditedSegment[]> {
  const { facts, drawn, final, giveUpAtMs } = args
  const found = await fetchJob(facts, args.content)
  const failAll = (reason: string) => drawn.map((segment) => withoutReplay(segment, 'fail', reason, null))
  if (found.kind === 'invalid') return failAll(found.reason)
  const audit = await prepareAudit(args, found)
  if ('impossible' in audit) return failAll(audit.impossible)
  const audited = new Map<number, AuditedSegment>()
  // In training order, so that a passed segment's end is the next one's start.
  const pending = [...drawn].sort((a, b) => a - b)
  const work = async () => {
    for (let segment = pending.shift(); segment !== undefined; segment = pending.shift()) {
      const result = await auditOne(audit, segment)
      if (result.report.verdict === 'unavailable' && !final && Date.now() < giveUpAtMs)
        throw new NotYet(result.report.reason ?? 'unavailable')
      audited.set(segment, result)
    }
  }
  // The canonical trainer runs on this thread; images run beside it, each on one core.
  const atOnce = audit.job.version === 1 ? 1 : availableParallelism()
  await Promise.all(Array.from({ length: atOnce }, work))
  return drawn.map((segment) => audited.get(segment)!)
}

/** Throws NotYet. */
export async function prepareAudit(
  args: AuditArgs,
  found: JobFinding & { kind: 'job' },
): Promise<Audit | { impossible: string }> {
  const { facts, runStretch } = args
  const { job } = found
  const schedule = scheduleOf(job)
  const seeds = facts.beacons.map(({ value }, window) =>
    windowSeed({ jobSeed: job.seed, orderId: facts.orderId, twin: facts.twin, window, beacon: value }),
  )
  const rerun = openRerun({ ...found, seeds }, runStretch)
  const initial = await initialOf(rerun)
  if ('impossible' in initial) return initial
  const initialRoot = facts.resumed?.stateRoot ?? toHex(stateRoot(tensorsOf(initial.state)))
  const windows: WindowFinding[] = []
  for (let window = 0; window < facts.windows.length; window++) {
    windows.push(await fetchEvidence({ ...args, window, initialRoot, schedule }))
  }
  const known = new Map([[initialRoot, initial.state]])
  return { ...args, job, rerun, schedule, windows, known, silence: {} }
}

/** A job that cannot even begin should have been refused by the seller. Throws NotYet. */
async function initialOf(rerun: Rerun): Promise<{ state: JobState } | { impossible: string }> {
  try {
    return { state: await rerun.initial() }
  } catch (error) {
    if (error instanceof ReplayUnavailable) throw new NotYet(error.message)
    if (error instanceof JobFailed) return { impossible: error.message }
    throw error
  }
}

function withoutReplay(
  segment: number,
  verdict: 'fail' | 'unavailable',
  reason: string,
  claimed: Hex | null,
): AuditedSegment {
  return {
    report: { segment, verdict, expected: null, claimed, tensors: [], reason: reason.slice(0, 500) },
    d: null,
  }
}

/** The last committed segment stands for the whole chain of leaves: it answers for windows with no draw, too. */
function evidenceFinding(audit: Audit, segment: number): WindowFinding {
  const own = audit.windows[audit.schedule.windowOfSegment(segment)]!
  const committed = audit.facts.windows.reduce((sum, { segments }) => sum + segments, 0)
  if (own.kind !== 'leaves' || segment !== committed - 1) return own
  const others = audit.windows.filter(({ kind }) => kind !== 'leaves')
  return others.find(({ kind }) => kind === 'fault') ?? others[0] ?? own
}

async function auditOne(audit: Audit, segment: number): Promise<AuditedSegment> {
  const { rerun, schedule, known } = audit
  const evidence = evidenceFinding(audit, segment)
  if (evidence.kind === 'fault') return withoutReplay(segment, 'fail', evidence.reason, null)
  if (evidence.kind === 'unavailable') return withoutReplay(segment, 'unavailable', evidence.reason, null)
  const { first } = schedule.windowSegments(schedule.windowOfSegment(segment))
  const leaf = evidence.leaves[segment - first]!
  const before = await stateBefore(audit, evidence.leaves, segment - first)
  const { proof } = audit.job
  const {
    report,
    replayed: after,
    inner = [],
  } = proof.mode === 'tolerance'
    ? await auditWithin({
        rerun,
        leaf,
        before,
        claimed: () => serve(audit, leaf.lastStep, leaf.stateRootAfter),
        tolerance: proof,
      })
    : await auditSegment({ rerun, leaf, before })
  if (report.verdict === 'pass' && after) known.set(leaf.stateRootAfter, after)
  if (!after || before.kind !== 'state') return { report, d: null }
  const replayed = { rerun, before: before.state, leaves: evidence.leaves, inner }
  if (report.verdict !== 'fail') {
    const undelivered = await undeliveredIn(audit, segment, after)
    return undelivered ? { report: { ...report, ...undelivered }, d: 0 } : { report, d: 0, replayed }
  }
  const claimed = await serve(audit, leaf.lastStep, leaf.stateRootAfter)
  if (claimed.kind !== 'state') return { report, d: null, replayed }
  const { tensors, d } = differenceOf(after, claimed.state, before.state)
  return { report: { ...report, tensors }, d, replayed }
}

/** The last segment of a completed order answers for its result, too. */
async function undeliveredIn(audit: Audit, segment: number, after: JobState) {
  const { facts, schedule, rerun, content, seller, giveUpAtMs } = audit
  if (facts.resultCid === undefined || segment !== schedule.segments - 1) return undefined
  const { resultCid } = facts
  try {
    const expected = rerun.result(after)
    const found = await checkDelivery({ resultCid, expected, content, seller, giveUpAtMs })
    return found && { ...found, reason: found.reason.slice(0, 500) }
  } catch (error) {
    if (!(error instanceof DataUnfit || error instanceof SafetensorsInvalid)) throw error
    return { verdict: 'fail' as const, reason: `the held-out data give no metrics: ${error.message}` }
  }
}

/** Asks the seller once; after one silence no more in this pass, or a dead endpoint would eat the commit phase. */
export async function serve(audit: Audit, step: number, root: string): Promise<StateFinding> {
  if (audit.silence.reason) return { kind: 'unavailable', reason: audit.silence.reason }
  const found = await fetchState(audit.seller, audit.job, step, root, audit.giveUpAtMs)
  if (found.kind === 'unavailable' && found.silent) audit.silence.reason = found.reason
  return found
}

async function knownOrServed(audit: Audit, leaf: SegmentLeaf): Promise<StateFinding> {
  const state = audit.known.get(leaf.stateRootBefore)
  return state ? { kind: 'state', state } : serve(audit, leaf.firstStep, leaf.stateRootBefore)
}

/**
 * The state before a leaf: known, served, or, since sellers need to keep only each window's first checkpoint,
 * replayed from that one through the leaves between, each of which must hold.
 */
async function stateBefore(
  audit: Audit,
  leaves: readonly SegmentLeaf[],
  position: number,
): Promise<StateFinding> {
  const served = await knownOrServed(audit, leaves[position]!)
  // Within a tolerance another machine's replay does not lead there.
  const isLast = position === 0 || audit.job.proof.mode === 'tolerance'
  if (served.kind !== 'unavailable' || isLast) return served
  let before = await knownOrServed(audit, leaves[0]!)
  for (const leaf of leaves.slice(0, position)) {
    const { replayed, report } = await auditSegment({ rerun: audit.rerun, leaf, before })
    if (report.verdict !== 'pass' || !replayed) {
      return { kind: 'unavailable', reason: `${served.reason}; nor does it follow from the window's first` }
    }
    before = { kind: 'state', state: replayed }
  }
  return before
}
