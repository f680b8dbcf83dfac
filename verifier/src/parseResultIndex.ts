import { z } from 'zod'
import { parseJson } from './json.ts'

export const MAX_INDEX_BYTES = 4096

const indexSchema = z.strictObject({ model: z.string().max(128), metrics: z.string().max(128) })

/** CIDs of a result's model and metrics. */
export type ResultIndex = z.infer<typeof indexSchema>

/** Throws InputInvalid. */
export function parseResultIndex(bytes: Uint8Array): ResultIndex {
  return parseJson(bytes, indexSchema, 'result', MAX_INDEX_BYTES)
}
