import { ContentUnavailable } from '../content/errors.ts'
import { fetchBytes } from '../content/fetchBytes.ts'

const ANSWER_TIMEOUT_MS = 10_000
const LATE_ANSWER_TIMEOUT_MS = 2_000 // nobody is judged without having been asked, however late it is
const BYTES_PER_MS = 1_000 // a seller on a slower line than 8 Mbit/s cannot serve its files in time

/** Where an order's files are served, and the auditor's grant to read them. */
export type Seller = { readonly endpoint: string; readonly orderId: bigint; readonly grant: string }

/**
 * Fetches a file of an order from its seller, such as `checkpoints/8`. `giveUpAtMs`, on this machine's clock, cuts the wait
 * short. Throws ContentTooLarge and ContentUnavailable, without a status where the seller did not connect or finish in time.
 */
export async function sellerFile(
  seller: Seller,
  path: string,
  maxBytes: number,
  giveUpAtMs: number,
): Promise<Uint8Array> {
  if (!URL.canParse(seller.endpoint) || !/^https?:/.test(seller.endpoint)) {
    throw new ContentUnavailable(path, 'the seller’s machine has no endpoint', 0)
  }
  const leftMs = Math.max(giveUpAtMs - Date.now(), LATE_ANSWER_TIMEOUT_MS)
  return fetchBytes({
    url: `${seller.endpoint.replace(/\/$/, '')}/orders/${seller.orderId}/${path}`,
    maxBytes,
    timeoutMs: Math.min(ANSWER_TIMEOUT_MS + maxBytes / BYTES_PER_MS, leftMs),
    headers: { authorization: seller.grant },
  })
}
