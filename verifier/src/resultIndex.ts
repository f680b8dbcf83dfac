import { z } from 'zod'
import { addBytes } from './content/addBytes.ts'
import { canonicalBytes, parseJson } from './json.ts'

export const MAX_INDEX_BYTES = 4096
export const MAX_METRICS_BYTES = 64 * 1024

const indexSchema = z.strictObject({ model: z.string().max(128), metrics: z.string().max(128) })

/** CIDs of a result's model and metrics. */
export type ResultIndex = z.infer<typeof indexSchema>

/** What an order's resultCid names: canonical JSON with the CIDs of model and metrics. */
export async function resultIndex(result: { model: Uint8Array; metrics: Uint8Array }): Promise<Uint8Array> {
  const { cid: model } = await addBytes(result.model)
  const { cid: metrics } = await addBytes(result.metrics)
  return canonicalBytes({ model, metrics })
}

/** Throws InputInvalid. */
export function parseResultIndex(bytes: Uint8Array): ResultIndex {
  return parseJson(bytes, indexSchema, 'result', MAX_INDEX_BYTES)
}
