import { z } from 'zod'
import { sha256 } from '#sha256'
import { bytes32, whole } from '../fields.ts'
import { toHex } from '../hash/hex.ts'
import { canonicalBytes } from '../json.ts'

export const MANIFEST = 'manifest.json'
export const MAX_MANIFEST_BYTES = 1024 * 1024
export const MAX_FILE_BYTES = 256 * 1024 * 1024

/** Relative, forward slashes, no part that starts with a dot: cannot leave the bundle. */
const path = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/, 'not a plain relative path')

/** manifest.json: every other file of the bundle with its size and SHA-256. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  files: z.record(path, z.strictObject({ bytes: whole(0, MAX_FILE_BYTES), sha256: bytes32 })),
})

export type Manifest = z.infer<typeof manifestSchema>

/** Manifest of these files, as canonical JSON. */
export function manifestBytes(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...files].map(([name, bytes]) => {
    return [name, { bytes: bytes.length, sha256: toHex(sha256(bytes)) }] as const
  })
  return canonicalBytes({ version: 1, files: Object.fromEntries(entries) })
}
