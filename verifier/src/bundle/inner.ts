import { z } from 'zod'
import { whole } from '../fields.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import { canonicalBytes, parseCanonicalJson } from '../json.ts'

const MAX_INNER_BYTES = 64 * 1024
const bits = whole(0, 2 ** 32 - 1)
const innerSchema = z.strictObject({ segment: whole(0, 2 ** 32 - 1), steps: z.array(z.tuple([bits, bits])) })

/** inner/<segment>.json: float32 bits of loss and gradient norm per step, secret until the audit is over. */
export function innerBytes(segment: number, steps: readonly InnerStep[]): Uint8Array {
  return canonicalBytes({ segment, steps })
}

/** Parses inner/<segment>.json. Throws InputInvalid. */
export function parseInner(bytes: Uint8Array): { segment: number; steps: InnerStep[] } {
  return parseCanonicalJson(bytes, innerSchema, 'inner', MAX_INNER_BYTES)
}
