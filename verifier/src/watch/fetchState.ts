import { ContentTooLarge, ContentUnavailable } from '../content/errors.ts'
import { fetchBytes } from '../content/fetchBytes.ts'
import type { Job } from '../job.ts'
import { maxCheckpointBytes, readState, type StateFinding } from './readState.ts'

const ANSWER_TIMEOUT_MS = 10_000
const LATE_ANSWER_TIMEOUT_MS = 2_000 // nobody is judged without having been asked, however late it is
const BYTES_PER_MS = 1_000 // a seller on a slower line than 8 Mbit/s cannot serve its checkpoints in time

/** Where an order's checkpoints are served, and the auditor's grant to read them. */
export type Seller = { readonly endpoint: string; readonly orderId: bigint; readonly grant: string }

/**
 * Fetches the checkpoint after `step` steps from the seller and reads it against its committed root. `giveUpAtMs`, on
 * this machine's clock, cuts the wait short. A seller that does not connect, or does not finish in time, is silent.
 */
export async function fetchState(
  seller: Seller,
  job: Job,
  step: number,
  root: string,
  giveUpAtMs: number,
): Promise<StateFinding> {
  const maxBytes = maxCheckpointBytes(job)
  if (!URL.canParse(seller.endpoint) || !/^https?:/.test(seller.endpoint)) {
    return { kind: 'unavailable', reason: 'the seller’s machine has no endpoint' }
  }
  const url = `${seller.endpoint.replace(/\/$/, '')}/orders/${seller.orderId}/checkpoints/${step}`
  const patienceMs = ANSWER_TIMEOUT_MS + maxBytes / BYTES_PER_MS
  const leftMs = Math.max(giveUpAtMs - Date.now(), LATE_ANSWER_TIMEOUT_MS)
  try {
    const bytes = await fetchBytes({
      url,
      maxBytes,
      timeoutMs: Math.min(patienceMs, leftMs),
      headers: { authorization: seller.grant },
    })
    return readState(bytes, root, step, job)
  } catch (error) {
    if (error instanceof ContentUnavailable)
      return { kind: 'unavailable', reason: error.message, silent: error.status === undefined }
    if (error instanceof ContentTooLarge) return { kind: 'unavailable', reason: error.message }
    throw error
  }
}
