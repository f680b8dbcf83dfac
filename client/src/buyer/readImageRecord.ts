import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import type { ImageRecord } from '@trainyard/verifier/imageRecordWords.ts'
import { z } from 'zod'

/** The market asks the machine first, which may take its time. */
const TIMEOUT_MS = 12_000
const MAX_BYTES = 16 * 1024

const count = z.int().nonnegative()
const recordSchema = z.object({ passed: count, unaudited: count })

/**
 * Asks a market how orders of an image ended in a machine's class; undefined where the store is no market, or does not answer: then
 * nothing is known. It is the market's word.
 */
export async function readImageRecord(
  store: string,
  machineId: bigint,
  image: string,
): Promise<ImageRecord | undefined> {
  const url = `${store.replace(/\/+$/, '')}/api/machines/${machineId}/image?image=${encodeURIComponent(image)}`
  try {
    const bytes = await fetchBytes({ url, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS })
    return recordSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}
