import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type OfferFacts = OutputOf<'market', 'offerOf'>

/** An offer, and whether it is open. */
export function readOffer(context: ChainContext, offerId: bigint): Promise<OfferFacts> {
  return read(context, 'market', 'offerOf', [offerId])
}
