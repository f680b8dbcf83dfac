import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone: ends an order whose confirm window or paid time has passed. */
export function expireOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'market', 'expireOrder', [args.orderId])
}
