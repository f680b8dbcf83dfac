import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type OrderFacts = OutputOf<'market', 'orderOf'>

/** All facts of an order; its status is computed at the newest block. Times are Unix seconds. */
export function readOrder(context: ChainContext, orderId: bigint): Promise<OrderFacts> {
  return read(context, 'market', 'orderOf', [orderId])
}
