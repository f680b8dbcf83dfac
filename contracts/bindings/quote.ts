import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import type { OrderTerms } from './placeOrder.ts'
import { read } from './read.ts'

export type Quote = OutputOf<'market', 'quote'>

/** Escrow, audit fee and seller’s stake that placing these terms would take. */
export function quote(context: ChainContext, terms: OrderTerms): Promise<Quote> {
  return read(context, 'market', 'quote', [terms])
}
