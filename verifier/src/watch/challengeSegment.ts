import { ChainError } from '@trainyard/contracts/errors.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { Auditor } from './auditor.ts'
import { auditSegments } from './decide.ts'
import { fileChallenge } from './fileChallenge.ts'
import type { OrderWatch } from './orderWatch.ts'
import { sendChallenge } from './sendChallenge.ts'

const RETRY_MS = 2_000

/**
 * Audits a segment that was found wrong once more, and challenges it if it still is. Where the replay came to another state, with
 * the state root after each step, so that the jury has one step to decide. `refused`: the chain did not take it, look again.
 * Throws NotYet and ChainUnreachable.
 */
export async function challengeSegment(
  auditor: Auditor,
  watch: OrderWatch,
  situation: { readonly order: OrderFacts; readonly segment: number; readonly giveUpAtMs: number },
): Promise<'sent' | 'passes' | 'refused'> {
  const { orderId, runs } = watch
  const { order, segment, giveUpAtMs } = situation
  const again = { orderId, order, drawn: [segment], runs, final: true, giveUpAtMs }
  const { facts, audited } = await auditSegments(auditor, again)
  const [found] = audited
  if (!found || found.report.verdict === 'pass') return 'passes'
  try {
    const send = () => sendChallenge(auditor.context, facts, found, segment)
    await fileChallenge(auditor, { orderId, segment }, send)
    return 'sent'
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    watch.retryAtMs = Date.now() + RETRY_MS
    auditor.log.warn({ orderId: String(orderId), segment, err: error }, 'the challenge was refused')
    return 'refused'
  }
}
