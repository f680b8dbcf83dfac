import { z } from 'zod'
import { parseJson } from '../json.ts'
import type { Opening } from './runBenchmark.ts'

const MAX_PATH = 40
const MAX_OPENINGS = 64
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const hash = base64.length(44)
const path = z.array(hash).max(MAX_PATH)
const evidenceSchema = z.strictObject({
  version: z.literal(1),
  openings: z
    .array(
      z.strictObject({
        index: z.int().nonnegative(),
        before: base64,
        after: base64,
        pathBefore: path,
        pathAfter: path,
      }),
    )
    .max(MAX_OPENINGS),
})

/** More than this nobody has to read: twenty-one samples of two states, in base64. */
export function maxEvidenceBytes(size: number): number {
  return 64 * 1024 + Math.ceil(MAX_OPENINGS * 2 * 1.34 * size * size)
}

/** What a machine serves to its benchmark's auditors. */
export function writeEvidence(openings: readonly Opening[]): Uint8Array {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const written = openings.map(({ index, before, after, pathBefore, pathAfter }) => ({
    index,
    before: text(before),
    after: text(after),
    pathBefore: pathBefore.map(text),
    pathAfter: pathAfter.map(text),
  }))
  return new TextEncoder().encode(JSON.stringify({ version: 1, openings: written }))
}

/** Throws InputInvalid. */
export function readEvidence(bytes: Uint8Array, size: number): Opening[] {
  const { openings } = parseJson(bytes, evidenceSchema, 'benchmark evidence', maxEvidenceBytes(size))
  const data = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'))
  return openings.map(({ index, before, after, pathBefore, pathAfter }) => ({
    index,
    before: data(before),
    after: data(after),
    pathBefore: pathBefore.map(data),
    pathAfter: pathAfter.map(data),
  }))
}
