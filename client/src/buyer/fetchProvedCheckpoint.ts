import type { ChainContext } from '@trainyard/contracts/context.ts'
import { isResumable } from '@trainyard/contracts/isResumable.ts'
import type { ResumeFrom } from '@trainyard/contracts/placeOrder.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import { checkpointRoot } from '@trainyard/verifier/checkpointRoot.ts'
import { addBytes, type Block } from '@trainyard/verifier/content/addBytes.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { rawCid } from '@trainyard/verifier/content/rawCid.ts'
import { VerifierError } from '@trainyard/verifier/errors.ts'
import { type Job, MAX_JOB_BYTES, parseJob } from '@trainyard/verifier/job.ts'
import { fetchFromSeller } from '@trainyard/verifier/order/fetchFromSeller.ts'
import { maxCheckpointBytes } from '@trainyard/verifier/watch/readState.ts'
import { ClientError } from '../errors.ts'
import { endpointOf } from './endpointOf.ts'

const TIMEOUT_MS = 60_000
const PATIENCE_MS = 5_000

/** The last checkpoint of an order whose audit passed, and what the chain needs to know it by. */
export type ProvedCheckpoint = {
  readonly from: ResumeFrom
  readonly cid: string
  readonly blocks: readonly Block[]
  /** What it was trained with. */
  readonly job: Job
}

/**
 * Fetches the checkpoint that an order may resume from, from the seller's machine, and compares its root with the one
 * on chain. Throws ClientError if the order was not proved, or its seller serves no checkpoint, or another.
 */
export async function fetchProvedCheckpoint(
  context: ChainContext,
  store: string,
  orderId: bigint,
): Promise<ProvedCheckpoint> {
  const order = await readOrder(context, orderId)
  const windows = await readWindowCount(context, orderId)
  if (!isResumable({ ...order, windows })) {
    const what = `Order ${orderId} cannot be resumed from: it is ${order.status}, and only what an audit has passed can.`
    throw new ClientError(what, 'Wait for its settlement, or name another order. No money moved.')
  }
  const index = windows - 1
  const window = await readWindow(context, orderId, index)
  if (!window) throw new ClientError(`Window ${index} of order ${orderId} is gone.`, 'Try again.')
  const { terms } = order
  const segments = index * terms.segmentsPerWindow + window.segments
  const step = Math.min(segments * terms.stepsPerSegment, Number(terms.steps))
  const gateway = { gateway: store, timeoutMs: TIMEOUT_MS }
  const job = parseJob(
    await fetchContent({ ...gateway, cid: rawCid(terms.jobHash), maxBytes: MAX_JOB_BYTES }),
  )
  const bytes = await fetchStep(context, orderId, step, maxCheckpointBytes(job))
  const root = checkpointRoot(bytes)
  if (root !== window.lastStateRoot) {
    const what = `The seller of order ${orderId} serves a checkpoint with root ${root}; the chain has ${window.lastStateRoot}.`
    throw new ClientError(
      what,
      'Ask the seller for the right one, or resume from another order. No money moved.',
    )
  }
  const { cid, blocks } = await addBytes(bytes)
  const from = {
    orderId,
    window: index,
    root: window.root,
    segments: window.segments,
    lastStateRoot: window.lastStateRoot,
  }
  return { from, cid, blocks, job }
}

async function fetchStep(context: ChainContext, orderId: bigint, step: number, maxBytes: number) {
  const endpoint = await endpointOf(context, orderId)
  try {
    return await fetchFromSeller(endpoint, `/orders/${orderId}/checkpoints/${step}`, maxBytes, PATIENCE_MS)
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error
    const what = `The seller of order ${orderId} does not serve the checkpoint after step ${step}: ${error.message}`
    throw new ClientError(what, 'Try again while its machine is on. No money moved.', { cause: error })
  }
}
