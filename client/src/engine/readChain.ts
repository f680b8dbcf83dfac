import { ChainError } from '@trainyard/contracts/errors.ts'
import { readOrderFacts } from '../chain/readOrderFacts.ts'
import type { Action } from '../order/action.ts'
import type { OrderContext } from './context.ts'

/** Reads the order's views. */
export async function readChain(order: OrderContext): Promise<Action> {
  const { chain, parameters, head, orderId } = order
  const timestamp = head.current().timestamp
  return {
    type: 'ChainRead',
    facts: await readOrderFacts(chain, parameters.lastWindowSeconds, timestamp, orderId),
  }
}

/**
 * Sends a transaction, then tells what the chain holds now. A refusal is no error: the views say what
 * happened instead (somebody was faster, a deadline passed, or an earlier try had gone through).
 */
export async function sendThenRead(order: OrderContext, what: string, send: () => Promise<unknown>) {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    order.logger.warn({ msg: `${what} was refused`, orderId: order.orderId, reason: error.shortMessage })
  }
  return readChain(order)
}
