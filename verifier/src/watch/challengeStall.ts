import { challenge } from '@trainyard/contracts/challenge.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { Auditor } from './auditor.ts'
import { openAudit } from './decide.ts'
import { fileChallenge } from './fileChallenge.ts'
import { LOOK_MS, lookAtNext } from './lookAtNext.ts'
import { NotYet } from './NotYet.ts'
import type { OrderWatch } from './orderWatch.ts'
import { replayNext } from './replayNext.ts'

const RETRY_MS = 2_000

/**
 * Challenges a seller that ended its order as JOB_STALLED where the job goes on here, once per order. What does not come to a
 * state until the last look is left alone: that is what the seller says. False: it is not known yet, look again.
 */
export async function challengeStall(
  auditor: Auditor,
  watch: OrderWatch,
  situation: { readonly order: OrderFacts; readonly isLast: boolean; readonly giveUpAtMs: number },
): Promise<boolean> {
  const { context, journal, log } = auditor
  const { orderId, runs } = watch
  const { order, isLast, giveUpAtMs } = situation
  if (watch.wentOn || journal.challengeOf(orderId) !== undefined) return true
  const start = async () =>
    replayNext(await openAudit(auditor, { orderId, order, runs, giveUpAtMs, final: true }))
  try {
    const next = await lookAtNext(watch, isLast ? LOOK_MS : undefined, start)
    if (next === undefined) return false
    watch.wentOn = true
    if (next.kind !== 'state') return true
    const { segment } = next
    await fileChallenge(auditor, { orderId, segment }, () => challenge(context, { orderId, segment }))
  } catch (error) {
    if (!(error instanceof ChainError || error instanceof NotYet)) throw error
    watch.wentOn ||= isLast
    watch.retryAtMs = Date.now() + RETRY_MS
    log.warn({ orderId: String(orderId), err: error }, 'whether the job stalls was not found out')
  }
  return watch.wentOn
}
