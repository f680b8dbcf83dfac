import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { readOrderRecord } from '@trainyard/verifier/bundle/readOrderRecord.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { type BundleParts, writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import type { Replayer } from '@trainyard/verifier/image/runImage.ts'
import { collectNamed, collectTrace } from '@trainyard/verifier/order/collectParts.ts'
import { fetchFromSeller } from '@trainyard/verifier/order/fetchFromSeller.ts'
import type { Verdict } from '@trainyard/verifier/verdict.ts'
import { ClientError } from '../errors.ts'
import { createPartStore, type PartStore } from './createPartStore.ts'
import { endpointOf } from './endpointOf.ts'

const TIMEOUT_MS = 300_000

/**
 * Collects an order's bundle from chain, store and daemon into the new directory `out`, and verifies it by
 * replaying all of it. What was fetched before an interruption is kept beside `out` and not fetched again. Throws
 * ClientError if `out` is in use, nothing was committed or the store is silent.
 */
export async function fetchBundle(args: {
  context: ChainContext
  orderId: bigint
  store: string
  out: string
  /** Also compare with the chain behind this URL. */
  rpc?: string
  /** Runs the image of a job that names one; without it such a bundle stays undecided. */
  replayer?: Replayer | undefined
  /** Told of each part, and whether it was fetched now or kept from an earlier try. */
  onPart?: (name: string, isNew: boolean) => void
}): Promise<Verdict & { resultCid: string }> {
  const { context, orderId, store, out, rpc, replayer } = args
  if ((await readdir(out).catch((): string[] => [])).length > 0) {
    throw new ClientError(`${out} is not empty.`, 'Give a directory that does not exist yet.')
  }
  const order = await readOrderRecord(context, orderId)
  if (order.windows.length === 0) {
    throw new ClientError(`Order ${orderId} committed nothing: there is no bundle.`, 'See why it ended.')
  }
  const kept = createPartStore(
    `${out}.parts-${context.deployment.chainId}-${orderId}`,
    args.onPart ?? (() => undefined),
  )
  const parts = await collect(context, order, store, kept)
  const partial = `${out}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(dirname(out), { recursive: true })
  writeBundle(partial, parts)
  await rm(out, { recursive: true, force: true })
  await rename(partial, out)
  await kept.clear()
  const verdict = await verifyBundle(out, { rpc, replayer })
  return { ...verdict, resultCid: order.resultCid }
}

async function collect(
  context: ChainContext,
  order: OrderRecord,
  store: string,
  kept: PartStore,
): Promise<BundleParts> {
  const named = await collectNamed(order, (cid, maxBytes) =>
    kept.getContent(cid, maxBytes, () => fetchFromStore(store, cid, maxBytes)),
  )
  const endpoint = await endpointOf(context, BigInt(order.orderId))
  const trace = await collectTrace(order, named.job, (path, maxBytes) =>
    kept.get(path.slice(1), maxBytes, () =>
      fetchFromSeller(endpoint, `/orders/${order.orderId}${path}`, maxBytes),
    ),
  ).catch((error: unknown) => {
    if (!(error instanceof ContentUnavailable) || (error.status !== 401 && error.status !== 403)) throw error
    throw new ClientError(
      `Order ${order.orderId} is private: its seller shows it to its parties only.`,
      'Give --keystore and --password-file of its buyer, payer or seller. What was fetched is kept. No money moved.',
      { cause: error },
    )
  })
  return { ...named, ...trace }
}

async function fetchFromStore(store: string, cid: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return await fetchContent({ cid, gateway: store, maxBytes, timeoutMs: TIMEOUT_MS })
  } catch (error) {
    if (!(error instanceof ContentUnavailable) || error.status !== undefined) throw error
    const options = { cause: error, exitCode: 75 } as const
    throw new ClientError(`The store at ${store} does not answer.`, 'Try again, or give --store.', options)
  }
}
