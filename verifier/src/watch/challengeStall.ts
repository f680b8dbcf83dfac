import { challenge } from '@trainyard/contracts/challenge.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { Auditor } from './auditor.ts'
import { openAudit } from './decide.ts'
import { fileChallenge } from './fileChallenge.ts'
import { NotYet } from './NotYet.ts'
import type { OrderWatch } from './orderWatch.ts'
import { replayNext } from './replayNext.ts'

/**
 * Challenges a seller that ended its order as JOB_STALLED where the job goes on here, once per order. What does not come to a
 * state in the time of an audit is left alone: that is what the seller says.
 */
export async function challengeStall(
  auditor: Auditor,
  watch: OrderWatch,
  situation: { readonly order: OrderFacts; readonly giveUpAtMs: number },
): Promise<void> {
  const { context, journal, log } = auditor
  const { orderId, runs } = watch
  if (watch.wentOn || journal.challengeOf(orderId) !== undefined) return
  watch.wentOn = true
  try {
    const next = await replayNext(await openAudit(auditor, { orderId, runs, final: true, ...situation }))
    if (next.kind !== 'state') return
    const { segment } = next
    await fileChallenge(auditor, { orderId, segment }, () => challenge(context, { orderId, segment }))
  } catch (error) {
    if (!(error instanceof ChainError || error instanceof NotYet)) throw error
    log.warn({ orderId: String(orderId), err: error }, 'whether the job stalls was not found out')
  }
}
