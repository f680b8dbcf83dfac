import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone, once the audit has an outcome: moves the money. Each order settles once. */
export function settleOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'market', 'settleOrder', [args.orderId])
}
