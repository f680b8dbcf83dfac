import { setTimeout as delay } from 'node:timers/promises'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'

const TIMEOUT_MS = 60_000
const PATIENCE_MS = 20_000
const PAUSE_MS = 250

/**
 * GETs a file of an order from its daemon. A daemon that restarts, or has not noticed the settlement yet, is
 * given some time. Throws ContentUnavailable, ContentTooLarge.
 */
export async function fetchFromSeller(
  endpoint: { base: string; headers: () => Promise<Record<string, string>> },
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const giveUpAtMs = Date.now() + PATIENCE_MS
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
