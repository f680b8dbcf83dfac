import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Credits a settled order whose audit passed to its machine; once. */
export function creditOrder(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'hashrate', 'creditOrder', [args.orderId])
}
