import { setTimeout as delay } from 'node:timers/promises'
import { ContentUnavailable } from '../content/errors.ts'
import { fetchBytes } from '../content/fetchBytes.ts'
import type { SellerEndpoint } from './sellerEndpoint.ts'

const TIMEOUT_MS = 60_000
const PATIENCE_MS = 20_000
const PAUSE_MS = 250

/**
 * GETs a file of an order from its daemon. A daemon that restarts, or has not noticed the settlement yet, is
 * given `patienceMs`. Throws ContentUnavailable, ContentTooLarge.
 */
export async function fetchFromSeller(
  endpoint: SellerEndpoint,
  path: string,
  maxBytes: number,
  patienceMs = PATIENCE_MS,
): Promise<Uint8Array> {
  const giveUpAtMs = Date.now() + patienceMs
  const headers = await endpoint.headers()
  for (;;) {
    try {
      return await fetchBytes({ url: `${endpoint.base}${path}`, maxBytes, timeoutMs: TIMEOUT_MS, headers })
    } catch (error) {
      const isPassing = error instanceof ContentUnavailable && error.status !== 401 && error.status !== 404
      if (!isPassing || Date.now() > giveUpAtMs) throw error
      await delay(PAUSE_MS)
    }
  }
}
