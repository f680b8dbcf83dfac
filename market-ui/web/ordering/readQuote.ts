import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { OrderTerms } from '@trainyard/contracts/placeOrder.ts'
import { type Quote, quote } from '@trainyard/contracts/quote.ts'
import { marketProvider } from '../chain/marketProvider.ts'

/** What an order of these terms would take, as the contract says it now. Throws ChainUnreachable. */
export const readQuote = (deployment: Deployment, terms: OrderTerms): Promise<Quote> =>
  quote({ deployment, runner: marketProvider(deployment.chainId) }, terms)
