import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import type { OrderStatus } from '@trainyard/contracts/words.ts'
import type { OrderContext } from './context.ts'

/** An order that this machine has seen is given up only after every answer for so long was that there is none. */
const GONE_MS = 30_000

const goneSince = new WeakMap<OrderContext, number>()

/** Throws ChainUnreachable while an order that is not there may merely not have reached the node that was asked. */
export function requireGoneForLong(order: OrderContext, status: OrderStatus): void {
  if (status !== 'None') {
    goneSince.delete(order)
    return
  }
  const sinceMs = goneSince.get(order) ?? performance.now()
  goneSince.set(order, sinceMs)
  if (performance.now() - sinceMs >= GONE_MS) return
  throw new ChainUnreachable(`The node does not know order ${order.orderId}.`)
}
