import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller: all steps are committed. `resultCid` is where the result is served. */
export function orderCompleted(
  context: ChainContext,
  args: { orderId: bigint; resultCid: string },
): Promise<Sent> {
  return send(context, 'market', 'orderCompleted', [args.orderId, args.resultCid])
}
