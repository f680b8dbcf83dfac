import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { checkpointApi } from '../url.ts'

const TIMEOUT_MS = 120_000
const MAX_BYTES = 256 * 1024 * 1024

/** No bytes came: the machine is off, no longer has them, or does not show them to this reader. */
class CheckpointNotShown extends Error {
  override readonly name = 'CheckpointNotShown'
  readonly title = "The seller's machine does not show the checkpoint"
  readonly moneyMoved = false
  readonly suggestion = 'Try again while its machine is on.'
}

/**
 * A checkpoint as the seller's machine shows it through the market server; nothing of it is checked. Throws
 * CheckpointNotShown and ContentTooLarge.
 * @param grant opens a private order
 */
export const fetchCheckpoint = async (orderId: string, step: number, grant?: string): Promise<Uint8Array> => {
  try {
    return await fetchBytes({
      url: new URL(checkpointApi(orderId, step), location.href).href,
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      ...(grant === undefined ? {} : { headers: { authorization: grant } }),
    })
  } catch (error) {
    if (!(error instanceof ContentUnavailable)) throw error
    throw new CheckpointNotShown(`Order ${orderId}, after step ${step.toLocaleString('en')}.`)
  }
}
