import { ChainError } from '@trainyard/contracts/errors.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { readOrderFacts } from '../chain/readOrderFacts.ts'
import type { Action } from '../order/action.ts'
import type { OrderContext } from './context.ts'
import { requireGoneForLong } from './requireGoneForLong.ts'

/** Reads the order's views. Throws ChainUnreachable if the node does not answer, or does not know the order yet. */
export async function readChain(order: OrderContext): Promise<Action> {
  const { chain, parameters, head, orderId } = order
  const facts = await readOrderFacts(chain, parameters.lastWindowSeconds, head.nowMs(), orderId)
  requireGoneForLong(order, facts.status)
  return { type: 'ChainRead', facts }
}

/**
 * Sends a transaction, then tells what the chain holds now. A refusal is no error: the views say what
 * happened instead (somebody was faster, or an earlier try had gone through). After a missed deadline the
 * order is expired, which anyone may do, so that the machine is free again.
 */
export async function sendThenRead(order: OrderContext, what: string, send: () => Promise<unknown>) {
  const refusal = await refusalOf(order, what, send)
  if (refusal?.errorName === 'MarketTooLate') {
    const orderId = BigInt(order.orderId)
    await refusalOf(order, 'expireOrder', () => expireOrder(order.chain, { orderId }))
  }
  return readChain(order)
}

async function refusalOf(
  order: OrderContext,
  what: string,
  send: () => Promise<unknown>,
): Promise<ChainError | undefined> {
  try {
    await send()
    return undefined
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    order.logger.warn({ msg: `${what} was refused`, orderId: order.orderId, reason: error.shortMessage })
    return error
  }
}
