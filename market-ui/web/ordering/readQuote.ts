import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { type Quote, quoteTogether } from '@trainyard/contracts/quote.ts'
import { marketProvider } from '../chain/marketProvider.ts'

/** What orders of these terms would take under these offers, together, as the contract says it now. Throws ChainUnreachable. */
export const readQuote = (
  deployment: Deployment,
  terms: OrderTerms,
  offerIds: readonly bigint[],
): Promise<Quote> =>
  quoteTogether({ deployment, runner: marketProvider(deployment.chainId) }, terms, offerIds)
