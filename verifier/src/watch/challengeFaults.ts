import { challenge } from '@trainyard/contracts/challenge.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { unpackVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import { windowPath } from '../segment.ts'
import type { AuditFacts } from './auditFacts.ts'
import type { AuditedSegment } from './auditOrder.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments } from './decide.ts'
import { ensureBond } from './ensureBond.ts'
import type { VerdictRecord } from './journal.ts'
import type { OrderWatch } from './orderWatch.ts'

const RETRY_MS = 2_000
/** What Disputes takes. */
const MAX_STEPS = 256

/** Whether an auditor found something that verdicts cannot say: they can only pass an order. */
export function hasFaults(record: VerdictRecord): boolean {
  return worstOf(record) !== undefined
}

/**
 * Challenges the first wrong segment that an auditor found, once per order. Where the replay came to another state, with the
 * state root after each step, so that the jury has one step to decide. Throws NotYet, ChainError, ChainUnreachable.
 */
export async function challengeFaults(
  auditor: Auditor,
  watch: OrderWatch,
  record: VerdictRecord,
  situation: { readonly order: OrderFacts; readonly giveUpAtMs: number },
): Promise<void> {
  const { journal, emit, log } = auditor
  const { orderId } = watch
  const segment = worstOf(record)
  if (segment === undefined || journal.challengeOf(orderId) !== undefined) return
  const { order, giveUpAtMs } = situation
  const again = { orderId, order, drawn: [segment], runs: watch.runs, final: true, giveUpAtMs }
  const { facts, audited } = await auditSegments(auditor, again)
  const [found] = audited
  if (!found || found.report.verdict === 'pass') {
    // It was not served and is now: the order is audited anew.
    log.warn({ orderId: String(orderId), segment }, 'what was wrong is right now: nothing to challenge')
    return journal.discard(orderId)
  }
  try {
    await ensureBond(auditor.context, auditor.account, await readChallengeBond(auditor.context, orderId))
    const sent = await send(auditor, facts, found, segment)
    journal.markChallenged(orderId, sent.disputeId)
    journal.openDispute(sent.disputeId)
    const disputeId = String(sent.disputeId)
    emit({ event: 'challenged', orderId: String(orderId), disputeId, segment, txHash: sent.hash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    watch.retryAtMs = Date.now() + RETRY_MS
    log.warn({ orderId: String(orderId), segment, err: error }, 'the challenge was refused')
  }
}

async function send(auditor: Auditor, facts: AuditFacts, { replayed }: AuditedSegment, segment: number) {
  const { context } = auditor
  const { orderId, order, windows } = facts
  const perWindow = order.terms.segmentsPerWindow
  const roots = await replayed?.rerun.stepRoots?.(replayed.before, segment)
  const leaf = replayed?.leaves[segment % perWindow]
  const differs = roots !== undefined && leaf !== undefined && roots.at(-1) !== leaf.stateRootAfter
  if (!replayed || !differs || roots.length > MAX_STEPS) return challenge(context, { orderId, segment })
  const { root, segments, lastStateRoot } = windows[Math.floor(segment / perWindow)]!
  const path = windowPath(replayed.leaves, segment % perWindow)
  const claim = {
    leaf: { ...leaf, orderId: BigInt(leaf.orderId) },
    root,
    segments,
    lastStateRoot,
    path,
  }
  return challengeSteps(context, { orderId, claim, roots })
}

/** The segment lowest in the training that fails; else the lowest that is not served. */
function worstOf({ segments, verdicts }: VerdictRecord): number | undefined {
  const given = unpackVerdicts(verdicts, segments.length)
  const lowest = (wanted: string) => {
    const found = segments.filter((_, i) => given[i] === wanted)
    return found.length === 0 ? undefined : Math.min(...found)
  }
  return lowest('fail') ?? lowest('unavailable')
}
