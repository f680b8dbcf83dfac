import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderRecord } from '../bundle/readOrderRecord.ts'
import { ContentUnavailable } from '../content/errors.ts'
import { fetchContent } from '../content/fetchContent.ts'
import { VerifierError } from '../errors.ts'
import type { Job } from '../job.ts'
import { type Pair, readPair } from '../referee/readPair.ts'
import { trainerHash } from '../trainerHash.ts'
import { maxCheckpointBytes } from '../watch/readState.ts'
import { collectNamed, collectTrace, type Named, type Trace } from './collectParts.ts'
import { OrderUndecided } from './errors.ts'
import { fetchFromSeller } from './fetchFromSeller.ts'
import { recomputeTrace } from './recomputeTrace.ts'
import { type SellerEndpoint, sellerEndpoint } from './sellerEndpoint.ts'

const TIMEOUT_MS = 300_000
const SELLER_PATIENCE_MS = 2_000

/** A settled order, and what can be had of it. */
export type FetchedOrder = {
  named: Named
  /** Of a refereed order, how it stands beside its twin. */
  pair: Pair | null
  /** From the seller. Throws OrderUndecided where it does not serve, and this account's grant could open it. */
  served: () => Promise<Trace>
  /** Computed here; null where only the job's image or another trainer can, or the order is private. */
  recompute: (() => Trace) | null
}

/**
 * Reads a settled order from the chain and collects what it names from the store. Throws OrderUndecided, OrderInvalid,
 * InputInvalid, ChainError, ChainUnreachable, and the errors of fetchContent.
 * @param context with a signer: asks the seller by its grant
 */
export async function fetchOrder(
  context: ChainContext,
  orderId: bigint,
  store: string,
): Promise<FetchedOrder> {
  const facts = await readOrder(context, orderId)
  if (facts.status === 'None')
    throw new OrderUndecided(`There is no order ${orderId} on this chain.`, 'Check its number and the chain.')
  if (facts.settledAt === 0) {
    const how = 'Losses and gradient norms stay secret until then: wait for the settlement.'
    throw new OrderUndecided(`Order ${orderId} is ${facts.status}, not settled.`, how)
  }
  const order = await readOrderRecord(context, orderId)
  if (order.windows.length === 0) {
    const what = `Order ${orderId} committed nothing: there is no work to verify.`
    throw new OrderUndecided(what, 'See why it ended.')
  }
  const get = (cid: string, maxBytes: number) =>
    fetchContent({ cid, gateway: store, maxBytes, timeoutMs: TIMEOUT_MS })
  const named = await collectNamed(order, get)
  const endpoint = await sellerEndpoint(context, orderId, facts)
  const { job } = named
  const isOwn = job.version === 1 && job.environment.trainerHash === trainerHash()
  const start = job.resumeFrom && (await getStart(job, get))
  const canBegin = !job.resumeFrom || start !== undefined
  return {
    named,
    pair: (await readPair(context, orderId)) ?? null,
    served: () => servedTrace(named, endpoint),
    recompute: isOwn && canBegin && job.access === 'public' ? () => recomputeTrace(named, job, start) : null,
  }
}

/** The checkpoint that a resumed order begins with; undefined where the store no longer has it. */
async function getStart(job: Job, get: (cid: string, maxBytes: number) => Promise<Uint8Array>) {
  try {
    return job.resumeFrom && (await get(job.resumeFrom.cid, maxCheckpointBytes(job)))
  } catch (error) {
    if (error instanceof VerifierError) return undefined
    throw error
  }
}

async function servedTrace({ job, order }: Named, endpoint: SellerEndpoint): Promise<Trace> {
  try {
    return await collectTrace(order, job, (path, maxBytes) =>
      fetchFromSeller(endpoint, `/orders/${order.orderId}${path}`, maxBytes, SELLER_PATIENCE_MS),
    )
  } catch (error) {
    if (error instanceof ContentUnavailable && (error.status === 401 || error.status === 403)) {
      const how = 'Give --keystore and --password-file of its buyer, payer or seller.'
      throw new OrderUndecided(`The seller of order ${order.orderId} does not tell you of it.`, how)
    }
    const reason = error instanceof VerifierError ? error : undefined
    if (!reason) throw error
    throw new OrderUndecided(
      `The seller does not serve order ${order.orderId}: ${reason.message}`,
      reason.suggestion,
    )
  }
}
