import { queryOptions } from '@tanstack/react-query'
import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import type { Chain } from '../../server/api/schemas.ts'

const EVERY_MS = 10_000

/** What these terms would take under these offers, together, as the contract says it now. */
export const quoteQuery = ({ deployment }: Chain, terms: OrderTerms, offerIds: readonly bigint[]) =>
  queryOptions({
    queryKey: [
      'quote',
      deployment.market,
      JSON.stringify([terms, offerIds], (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ],
    queryFn: async () => (await import('./readQuote.ts')).readQuote(deployment, terms, offerIds),
    staleTime: EVERY_MS,
    refetchInterval: EVERY_MS,
  })
