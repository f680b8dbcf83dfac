import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone, once an audit has opened: stores the draw's seed, or fixes its block where only the clock opened the audit. */
export function pinDraw(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'proofs', 'pinDraw', [args.orderId])
}
