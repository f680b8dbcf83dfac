import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Anyone, once the audit of one of a pair is open and the pair agrees (`readAgreed`): passes it; `settleOrder` pays it later. */
export function passAgreed(context: ChainContext, args: { orderId: bigint }): Promise<Sent> {
  return send(context, 'proofs', 'passAgreed', [args.orderId])
}
