import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain, sendThenRead } from '../engine/readChain.ts'
import type { Action } from '../order/action.ts'
import { judgePair } from '../refereed/judgePair.ts'
import { answerChallenges } from './answerChallenges.ts'
import { showLazyAuditors } from './showLazyAuditors.ts'

const POLL_MS = 2_000

/** What verdicts passed is paid once nobody can challenge it any more. */
async function isDecided({ chain, orderId }: OrderContext, nowMs: number): Promise<boolean> {
  const { outcome, deadlineAt } = await readAudit(chain, BigInt(orderId))
  return outcome === 'Pass' ? nowMs >= deadlineAt * 1_000 : outcome !== 'Pending'
}

/** Waits for the audit's outcome, answering challenges and showing who passed without a replay, and settles: anyone may, and the seller is the one who is paid by it. */
export async function settleIfDue(order: OrderContext, signal: AbortSignal): Promise<Action> {
  const { chain, orderId, head } = order
  const id = BigInt(orderId)
  for (;;) {
    const action = await readChain(order)
    if (action.type !== 'ChainRead') return action
    const { status, windowCount, nowMs, lastWindowUntilMs } = action.facts
    if (status === 'Disputed') await answerChallenges(order)
    // Also where somebody else has settled it by now.
    if (windowCount > 0) await showLazyAuditors(order)
    if (status !== 'Auditing' && status !== 'Disputed') return action
    await judgePair(order)
    // Without a window there is nothing to audit once the last one can no longer come.
    if (windowCount === 0 ? nowMs > lastWindowUntilMs : await isDecided(order, nowMs)) {
      const sent = await sendThenRead(order, 'settleOrder', () => settleOrder(chain, { orderId: id }))
      // Where the first panel left it undecided a larger one sits now.
      if (sent.type !== 'ChainRead' || sent.facts.status !== 'Auditing') return sent
    }
    await head.next(signal, POLL_MS)
  }
}
