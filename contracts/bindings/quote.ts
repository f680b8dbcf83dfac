import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import type { OrderTerms } from './placeOrder.ts'
import { read } from './read.ts'

export type Quote = OutputOf<'market', 'quote'>

/** Escrow, audit fee and seller’s stake that placing these terms would take. */
export function quote(context: ChainContext, terms: OrderTerms): Promise<Quote> {
  return read(context, 'market', 'quote', [terms])
}

/** The same of one job that is ordered under several offers, all together. */
export async function quoteTogether(
  context: ChainContext,
  terms: OrderTerms,
  offerIds: readonly bigint[],
): Promise<Quote> {
  const quotes = await Promise.all(offerIds.map((offerId) => quote(context, { ...terms, offerId })))
  const sum = (key: keyof Quote) => quotes.reduce((total, one) => total + one[key], 0n)
  return { escrowWei: sum('escrowWei'), auditFeeWei: sum('auditFeeWei'), stakeWei: sum('stakeWei') }
}
