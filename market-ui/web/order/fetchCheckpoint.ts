import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { checkpointApi } from '../url.ts'

const TIMEOUT_MS = 120_000
const MAX_BYTES = 256 * 1024 * 1024

/**
 * A checkpoint as the seller's machine shows it through the market server; nothing of it is checked. Throws
 * ContentUnavailable and ContentTooLarge.
 * @param grant opens a private order
 */
export const fetchCheckpoint = (orderId: string, step: number, grant?: string): Promise<Uint8Array> =>
  fetchBytes({
    url: new URL(checkpointApi(orderId, step), location.href).href,
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    ...(grant === undefined ? {} : { headers: { authorization: grant } }),
  })
