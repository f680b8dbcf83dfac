import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'
import { closeReasons } from './words.ts'

/** Reasons that a seller may give for ending an order early. */
export type SellerReason = 'JOB_NOT_DETERMINISTIC' | 'JOB_STALLED' | 'JOB_INVALID' | 'SELLER_GAVE_UP'

/** Seller: ends the order early. What was committed is audited and paid; giving up before the start costs stake. */
export function orderFailed(
  context: ChainContext,
  args: { orderId: bigint; reason: SellerReason },
): Promise<Sent> {
  return send(context, 'market', 'orderFailed', [args.orderId, closeReasons[args.reason]])
}
