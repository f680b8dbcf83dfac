import { ChainError } from '@trainyard/contracts/errors.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { unpackVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments } from './decide.ts'
import { fileChallenge } from './fileChallenge.ts'
import type { VerdictRecord } from './journal.ts'
import type { OrderWatch } from './orderWatch.ts'
import { sendChallenge } from './sendChallenge.ts'

const RETRY_MS = 2_000

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
  const { journal, log } = auditor
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
    const send = () => sendChallenge(auditor.context, facts, found, segment)
    await fileChallenge(auditor, { orderId, segment }, send)
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    watch.retryAtMs = Date.now() + RETRY_MS
    log.warn({ orderId: String(orderId), segment, err: error }, 'the challenge was refused')
  }
}

/** The segment lowest in the training that fails; else the lowest that is not served. */
function worstOf({ segments, positions, verdicts }: VerdictRecord): number | undefined {
  const given = unpackVerdicts(verdicts, Math.max(...positions) + 1)
  const lowest = (wanted: string) => {
    const found = segments.filter((_, i) => given[positions[i]!] === wanted)
    return found.length === 0 ? undefined : Math.min(...found)
  }
  return lowest('fail') ?? lowest('unavailable')
}
