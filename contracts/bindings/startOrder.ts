import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller, within the confirm window: training begins and the paid time runs. */
export function startOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'market', 'startOrder', [args.orderId])
}
