import { z } from 'zod'
import { cid, whole } from './fields.ts'
import { canonicalBytes, parseJson } from './json.ts'

export const MAX_OUTPUT_FILES = 1_000
export const MAX_OUTPUT_INDEX_BYTES = 512 * 1024
export const MAX_OUTPUT_BYTES = 1024 ** 3

/** A path below /job/out/result: plain names, at most eight deep. */
const path = z
  .string()
  .max(512)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  .regex(/^[^/\\\u0000-\u001f]{1,128}(\/[^/\\\u0000-\u001f]{1,128}){0,7}$/, 'must be a plain relative path')
  .refine((text) => text.split('/').every((part) => part !== '.' && part !== '..'), 'must not lead out')

const indexSchema = z.strictObject({
  files: z.array(z.strictObject({ path, bytes: whole(0, MAX_OUTPUT_BYTES), cid })).max(MAX_OUTPUT_FILES),
})

/** What an order without proof left as its result. */
export type OutputIndex = z.infer<typeof indexSchema>

/** What the resultCid of an order without proof names: canonical JSON of its files. */
export function outputIndexBytes(index: OutputIndex): Uint8Array {
  return canonicalBytes(index)
}

/** Throws InputInvalid. */
export function parseOutputIndex(bytes: Uint8Array): OutputIndex {
  return parseJson(bytes, indexSchema, 'result', MAX_OUTPUT_INDEX_BYTES)
}
