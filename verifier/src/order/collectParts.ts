import { parseInner } from '../bundle/inner.ts'
import { MAX_FILE_BYTES } from '../bundle/manifest.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'
import { coverageOf } from '../bundle/paths.ts'
import type { BundleParts } from '../bundle/write.ts'
import { rawCid } from '../content/rawCid.ts'
import { InputInvalid } from '../errors.ts'
import { type Evidence, MAX_EVIDENCE_BYTES, parseEvidence } from '../evidence.ts'
import { type Job, MAX_JOB_BYTES, parseJob } from '../job.ts'
import { MAX_INDEX_BYTES, parseResultIndex } from '../parseResultIndex.ts'
import { MAX_METRICS_BYTES } from '../resultIndex.ts'
import { maxCheckpointBytes } from '../watch/readState.ts'
import { OrderInvalid } from './errors.ts'

const MAX_INNER_BYTES = 64 * 1024

/** Reads at most `maxBytes` of what has this CID, or lies at this path of the order. */
type Get = (name: string, maxBytes: number) => Promise<Uint8Array>

/** What only the one who trained has, unless it is computed again. */
export type Trace = Pick<BundleParts, 'checkpoints' | 'inner' | 'progress'>

/** What the chain and its CIDs name. */
export type Named = Omit<BundleParts, keyof Trace>

/** Collects what an order's record names by content. Throws OrderInvalid, InputInvalid, and what `get` throws. */
export async function collectNamed(order: OrderRecord, get: Get): Promise<Named> {
  const job = parseJob(await get(rawCid(order.jobHash), MAX_JOB_BYTES))
  const evidence: Evidence[] = []
  for (const window of order.windows) {
    evidence.push(evidenceIn(order.orderId, await get(window.evidence, MAX_EVIDENCE_BYTES)))
  }
  return {
    job,
    order,
    evidence,
    train: await get(job.data.train.cid, MAX_FILE_BYTES),
    heldOut: await get(job.data.heldOut.cid, MAX_FILE_BYTES),
    result: order.resultCid === '' ? null : await collectResult(order.resultCid, get),
  }
}

function evidenceIn(orderId: string, bytes: Uint8Array): Evidence {
  try {
    return parseEvidence(bytes)
  } catch (error) {
    if (!(error instanceof InputInvalid)) throw error
    const what = `What the seller of order ${orderId} committed as evidence is none: ${error.message}.`
    throw new OrderInvalid(what, 'Nothing can mend it: the work was not shown.')
  }
}

async function collectResult(cid: string, get: Get): Promise<BundleParts['result']> {
  const index = parseResultIndex(await get(cid, MAX_INDEX_BYTES))
  return {
    model: await get(index.model, MAX_FILE_BYTES),
    metrics: await get(index.metrics, MAX_METRICS_BYTES),
  }
}

/**
 * Collects checkpoints, inner bits and progress from the seller, whose paths begin at the order. Nothing of it is
 * trusted before it is verified. Throws InputInvalid, RangeError for windows that are none of the job's, and what
 * `get` throws.
 */
export async function collectTrace(order: OrderRecord, job: Job, get: Get): Promise<Trace> {
  const { segments, checkpoints: steps } = coverageOf(job, order)
  const checkpoints = new Map<number, Uint8Array>()
  for (const step of steps) {
    checkpoints.set(step, await get(`/checkpoints/${step}`, maxCheckpointBytes(job)))
  }
  const inner: BundleParts['inner'][number][] = []
  for (let segment = 0; segment < segments; segment++) {
    inner.push(parseInner(await get(`/inner/${segment}`, MAX_INNER_BYTES)).steps)
  }
  return { checkpoints, inner, progress: await get('/progress.jsonl', MAX_FILE_BYTES) }
}
