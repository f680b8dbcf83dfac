import { addBytes } from './content/addBytes.ts'
import { canonicalBytes } from './json.ts'

export const MAX_METRICS_BYTES = 64 * 1024

/** What an order's resultCid names: canonical JSON with the CIDs of model and metrics. */
export async function resultIndex(result: { model: Uint8Array; metrics: Uint8Array }): Promise<Uint8Array> {
  const { cid: model } = await addBytes(result.model)
  const { cid: metrics } = await addBytes(result.metrics)
  return canonicalBytes({ model, metrics })
}
