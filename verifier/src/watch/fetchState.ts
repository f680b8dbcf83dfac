import { ContentTooLarge, ContentUnavailable } from '../content/errors.ts'
import { fetchBytes } from '../content/fetchBytes.ts'
import type { Job } from '../job.ts'
import { maxCheckpointBytes, readState, type StateFinding } from './readState.ts'

const ANSWER_TIMEOUT_MS = 10_000
const BYTES_PER_MS = 1_000 // a seller on a slower line than 8 Mbit/s cannot serve its checkpoints in time

/** Where an order's checkpoints are served, and the auditor's grant to read them. */
export type Seller = { readonly endpoint: string; readonly orderId: bigint; readonly grant: string }

/** Fetches the checkpoint after `step` steps from the seller and reads it against its committed root. */
export async function fetchState(
  seller: Seller,
  job: Job,
  step: number,
  root: string,
): Promise<StateFinding> {
  const unavailable = (reason: string, silent = false): StateFinding => ({
    kind: 'unavailable',
    reason,
    silent,
  })
  const maxBytes = maxCheckpointBytes(job)
  if (!URL.canParse(seller.endpoint) || !/^https?:/.test(seller.endpoint)) {
    return unavailable('the seller’s machine has no endpoint')
  }
  const url = `${seller.endpoint.replace(/\/$/, '')}/orders/${seller.orderId}/checkpoints/${step}`
  try {
    const bytes = await fetchBytes({
      url,
      maxBytes,
      timeoutMs: ANSWER_TIMEOUT_MS + maxBytes / BYTES_PER_MS,
      headers: { authorization: seller.grant },
    })
    return readState(bytes, root, step, job)
  } catch (error) {
    if (error instanceof ContentUnavailable || error instanceof ContentTooLarge)
      return unavailable(error.message)
    throw error
  }
}
