import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import type { OrderContext } from '../engine/context.ts'
import { readChain, sendThenRead } from '../engine/readChain.ts'
import type { Action } from '../order/action.ts'

const POLL_MS = 2_000

/** Waits for the audit's outcome and settles: anyone may, and the seller is the one who is paid by it. */
export async function settleIfDue(order: OrderContext, signal: AbortSignal): Promise<Action> {
  const { chain, orderId, head } = order
  const id = BigInt(orderId)
  for (;;) {
    const action = await readChain(order)
    if (action.type !== 'ChainRead') return action
    const { status } = action.facts
    if (status !== 'Auditing' && status !== 'Disputed') return action
    const { outcome } = await readAudit(chain, id)
    if (outcome !== 'Pending') {
      return sendThenRead(order, 'settleOrder', () => settleOrder(chain, { orderId: id }))
    }
    await head.next(signal, POLL_MS)
  }
}
