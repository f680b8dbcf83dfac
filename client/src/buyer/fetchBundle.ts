import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { parseInner } from '@trainyard/verifier/bundle/inner.ts'
import { MAX_FILE_BYTES } from '@trainyard/verifier/bundle/manifest.ts'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { coverageOf } from '@trainyard/verifier/bundle/paths.ts'
import { readOrderRecord } from '@trainyard/verifier/bundle/readOrderRecord.ts'
import { verifyBundle } from '@trainyard/verifier/bundle/verify.ts'
import { type BundleParts, writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { MAX_EVIDENCE_BYTES, parseEvidence } from '@trainyard/verifier/evidence.ts'
import type { Replayer } from '@trainyard/verifier/image/runImage.ts'
import { type Job, MAX_JOB_BYTES, parseJob } from '@trainyard/verifier/job.ts'
import { parseJson } from '@trainyard/verifier/json.ts'
import type { Verdict } from '@trainyard/verifier/verdict.ts'
import { z } from 'zod'
import { ClientError } from '../errors.ts'
import { checkpointBytes } from '../order/checkpointBytes.ts'
import { createPartStore, type PartStore } from './createPartStore.ts'
import { endpointOf } from './endpointOf.ts'
import { fetchFromSeller } from './fetchFromSeller.ts'

const TIMEOUT_MS = 300_000
const HEADER_BYTES = 64 * 1024
const MAX_INNER_BYTES = 64 * 1024
const MAX_INDEX_BYTES = 4096

const indexSchema = z.strictObject({ model: z.string().max(128), metrics: z.string().max(128) })

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
  const get = (cid: string, maxBytes: number) =>
    kept.getContent(cid, maxBytes, () => fetchFromStore(store, cid, maxBytes))
  const job = parseJob(await get(rawCid(order.jobHash), MAX_JOB_BYTES))
  const evidence = []
  for (const window of order.windows) {
    evidence.push(parseEvidence(await get(window.evidence, MAX_EVIDENCE_BYTES)))
  }
  return {
    job,
    order,
    evidence,
    train: await get(job.data.train.cid, MAX_FILE_BYTES),
    heldOut: await get(job.data.heldOut.cid, MAX_FILE_BYTES),
    result: order.resultCid === '' ? null : await fetchResult(order.resultCid, get),
    ...(await fetchTrace(context, order, job, kept)),
  }
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

async function fetchResult(cid: string, get: (cid: string, maxBytes: number) => Promise<Uint8Array>) {
  const index = parseJson(await get(cid, MAX_INDEX_BYTES), indexSchema, 'result', MAX_INDEX_BYTES)
  return { model: await get(index.model, MAX_FILE_BYTES), metrics: await get(index.metrics, HEADER_BYTES) }
}

/** What only the seller has: checkpoints, inner bits, progress. Nothing of it is trusted before verifying. */
async function fetchTrace(context: ChainContext, order: OrderRecord, job: Job, kept: PartStore) {
  const endpoint = await endpointOf(context, BigInt(order.orderId))
  const { segments, checkpoints: steps } = coverageOf(job, order)
  const get = (path: string, maxBytes: number) =>
    kept.get(path.slice(1), maxBytes, () =>
      fetchFromSeller(endpoint, `/orders/${order.orderId}${path}`, maxBytes),
    )
  const checkpoints = new Map<number, Uint8Array>()
  const maxBytes = checkpointBytes(job) + HEADER_BYTES
  for (const step of steps) checkpoints.set(step, await get(`/checkpoints/${step}`, maxBytes))
  const inner = []
  for (let segment = 0; segment < segments; segment++) {
    inner.push(parseInner(await get(`/inner/${segment}`, MAX_INNER_BYTES)).steps)
  }
  return { checkpoints, inner, progress: await get('/progress.jsonl', MAX_FILE_BYTES) }
}
