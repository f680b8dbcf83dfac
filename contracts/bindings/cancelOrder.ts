import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Buyer: ends the order. Inside the confirm window it costs five minutes’ price; in training it stops the clock. */
export function cancelOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'market', 'cancelOrder', [args.orderId])
}
