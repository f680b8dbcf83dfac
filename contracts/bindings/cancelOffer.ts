import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Seller: takes an offer back. */
export function cancelOffer(context: ChainContext, args: { offerId: bigint }): Promise<Sent> {
  return send(context, 'market', 'cancelOffer', [args.offerId])
}
