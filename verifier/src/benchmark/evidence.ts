import { z } from 'zod'
import { parseJson } from '../json.ts'
import type { PrecisionOpening } from './precision.ts'
import type { Opening } from './program/runBenchmark.ts'
import { GRID, TILES } from './program/workload.ts'

const MAX_PATH = 40
const MAX_OPENINGS = 32
const MAX_PRECISIONS = 4
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
const precisionSchema = z.strictObject({
  index: z.int().nonnegative(),
  tile: z.int().min(0).max(TILES),
  result: tile,
  place,
  before: z.strictObject({ tiles, place }).optional(),
})
const evidenceSchema = z.strictObject({
  version: z.literal(2),
  openings: z.array(openingSchema).max(MAX_OPENINGS),
  /** By precision, in the order of the report. */
  precisions: z.array(z.array(precisionSchema).max(MAX_OPENINGS)).max(MAX_PRECISIONS),
})

export type Evidence = { openings: Opening[]; precisions: PrecisionOpening[][] }

/** More than this nobody has to read: the samples' tiles and hashes, in base64, of at most four bytes an entry. */
export function maxEvidenceBytes(size: number, claims: number): number {
  const tileBytes = (size / GRID) ** 2
  const hashes = 64 * 1024
  const exact = 1.4 * (2 * GRID + 1) * tileBytes + hashes
  const rounded = 1.4 * 4 * (GRID + 1) * tileBytes + hashes
  return Math.ceil(MAX_OPENINGS * (exact + claims * rounded))
}

/** @param claims precisions in the report. Throws InputInvalid. */
export function readEvidence(evidence: Uint8Array, size: number, claims: number): Evidence {
  return parseJson(evidence, evidenceSchema, 'benchmark evidence', maxEvidenceBytes(size, claims))
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'))
}
