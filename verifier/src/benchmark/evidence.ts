import { z } from 'zod'
import { parseJson } from '../json.ts'
import type { Opening } from './program/runBenchmark.ts'
import { GRID, TILES } from './program/workload.ts'

const MAX_PATH = 40
const MAX_OPENINGS = 32
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const hash = base64.length(44).transform(bytes)
const path = z.array(hash).max(MAX_PATH)
const tile = base64.transform(bytes)
const tiles = z.array(tile).length(GRID)
const place = z.strictObject({ hashes: z.array(hash).length(TILES), path })
const openingSchema = z.strictObject({
  index: z.int().nonnegative(),
  tile: z.int().min(0).max(TILES),
  left: tiles,
  right: tiles,
  result: tile,
  places: z.strictObject({ left: place, right: place, result: place }),
  choosing: z.strictObject({ root: hash, path }),
})
const evidenceSchema = z.strictObject({
  version: z.literal(2),
  openings: z.array(openingSchema).max(MAX_OPENINGS),
})

/** More than this nobody has to read: the samples' tiles and hashes, in base64. */
export function maxEvidenceBytes(size: number): number {
  const tileBytes = (2 * GRID + 1) * (size / GRID) ** 2
  return Math.ceil(MAX_OPENINGS * (1.4 * tileBytes + 64 * 1024))
}

/** Throws InputInvalid. */
export function readEvidence(evidence: Uint8Array, size: number): Opening[] {
  return parseJson(evidence, evidenceSchema, 'benchmark evidence', maxEvidenceBytes(size)).openings
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}
