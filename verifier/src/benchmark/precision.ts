import { leafHash, rootFrom, sha256 } from './program/hashTree.ts'
import type { Place, Sample } from './program/runBenchmark.ts'
import { GRID, stateRoot, TILES } from './program/workload.ts'

/**
 * Products C(k) = A B(k) of one floating-point precision. All operands are 1.0 to 2.0 with a sign and use all mantissa bits
 * that the precision has; B(k+1) has signs and mantissas of C(k), so that nothing can be prepared.
 */
export type Precision = {
  readonly name: 'fp32' | 'tf32' | 'bf16' | 'fp16'
  /** Of the operands' mantissas. */
  readonly bits: number
  /** Of one entry of a result, and what they mean. */
  readonly bytes: 2 | 4
  readonly read: (view: DataView, at: number) => number
  /**
   * Largest root mean square of a tile's errors, over that of its exact entries. Between what the precision gives and what
   * the next lower one does (docs/hashrate.md 3 has both).
   */
  readonly tolerance: number
}

/** By their numbers on chain. */
export const precisions: readonly Precision[] = [
  { name: 'fp32', bits: 23, bytes: 4, read: float32, tolerance: 1e-5 },
  { name: 'tf32', bits: 10, bytes: 4, read: float32, tolerance: 5e-5 },
  { name: 'bf16', bits: 7, bytes: 2, read: bfloat16, tolerance: 5e-3 },
  { name: 'fp16', bits: 10, bytes: 2, read: float16, tolerance: 6e-4 },
]

/** What shows that one tile of one product is right; of the first product B comes from the seed. */
export type PrecisionOpening = Sample & {
  result: Uint8Array
  place: Place
  /** Column of tiles of the result before. */
  before?: { tiles: Uint8Array[]; place: Place } | undefined
}

export type PrecisionClaim = { precision: number; products: number; root: Uint8Array }

/** Whether one sampled tile holds: both results are in the tree, and the tile is close enough. Says what is wrong. */
export function checkPrecision(
  about: { seed: string; size: number },
  claim: PrecisionClaim,
  sample: Sample,
  opening: PrecisionOpening,
): string | undefined {
  const precision = precisions[claim.precision]
  if (!precision) return 'no such precision'
  const { size } = about
  const { index, tile } = sample
  const side = size / GRID
  const isIn = ({ hashes, path }: Place, state: number) =>
    hashes.length === TILES &&
    isSame(rootFrom(leafHash(stateRoot(hashes)), path, state, claim.products), claim.root)
  const isTile = (bytes: Uint8Array, hash: Uint8Array) =>
    bytes.length === side * side * precision.bytes && isSame(sha256(bytes), hash)
  if (!isIn(opening.place, index)) return 'the result is not in the tree'
  if (!isTile(opening.result, opening.place.hashes[tile]!))
    return 'the result is not the one that was committed'
  const column = tile % GRID
  let b: Float64Array
  if (index === 0) b = seededColumn(precision, about, claim.precision, column)
  else {
    const { before } = opening
    if (!before || before.tiles.length !== GRID) return 'the result before is missing'
    if (!isIn(before.place, index - 1)) return 'the result before is not in the tree'
    if (!before.tiles.every((bytes, k) => isTile(bytes, before.place.hashes[k * GRID + column]!))) {
      return 'the result before is not the one that was committed'
    }
    b = Float64Array.from(
      before.tiles.flatMap((bytes) => entriesOf(precision, bytes)),
      (entry) => normalised(precision.bits, entry),
    )
  }
  const a = seededRows(precision, about, claim.precision, Math.floor(tile / GRID))
  const error = errorOf(a, b, entriesOf(precision, opening.result), size)
  return error <= precision.tolerance
    ? undefined
    : `the product is wrong: its error is ${error.toPrecision(2)} where ${precision.name} allows ${precision.tolerance}`
}

/** Sign and mantissa of an entry, cut to the operands' bits, with exponent 0. */
export function normalised(bits: number, entry: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, entry)
  const word = view.getUint32(0)
  const mantissa = isSubnormal(bits, entry) ? 0 : word & 0x7fffff & ~(2 ** (23 - bits) - 1)
  view.setUint32(0, ((word & 0x80000000) | 0x3f800000 | mantissa) >>> 0)
  return view.getFloat32(0)
}

/** Such small results come of no honest product; their mantissas mean something else, and the check fails on them. */
function isSubnormal(bits: number, entry: number): boolean {
  return Math.abs(entry) < 2 ** (bits === 10 ? -14 : -126)
}

/** Rows of tiles of A, row by row. */
export function seededRows(
  { bits }: Precision,
  { seed, size }: { seed: string; size: number },
  number: number,
  row: number,
): Float64Array {
  const count = (size / GRID) * size
  return Float64Array.from({ length: count }, wordsOf(seed, number, 0, bits, row * count))
}

/** A column of tiles of the first B, row by row. */
export function seededColumn(
  { bits }: Precision,
  { seed, size }: { seed: string; size: number },
  number: number,
  column: number,
): Float64Array {
  const side = size / GRID
  const values = new Float64Array(size * side)
  const read = wordsOf(seed, number, 1, bits, 0)
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / side) * size + column * side + (i % side)
    values[i] = read(undefined, at)
  }
  return values
}

/** Values by their place in a matrix: sign and mantissa from SHA-256 of the seed, its kind and a counter. */
function wordsOf(seed: string, precision: number, which: number, bits: number, first: number) {
  const head = Buffer.concat([
    Buffer.from(seed.slice(2), 'hex'),
    Buffer.of(precision, which),
    Buffer.alloc(4),
  ])
  const view = new DataView(new ArrayBuffer(4))
  let block = -1
  let digest = Buffer.alloc(32)
  return (_: unknown, i: number): number => {
    const at = first + i
    if (at >>> 3 !== block) {
      block = at >>> 3
      head.writeUInt32BE(block, head.length - 4)
      digest = Buffer.from(sha256(head))
    }
    const word = digest.readUInt32BE(4 * (at & 7))
    const mantissa = (word & (2 ** bits - 1)) << (23 - bits)
    view.setUint32(0, ((word & 0x80000000) | 0x3f800000 | mantissa) >>> 0)
    return view.getFloat32(0)
  }
}

/** Root mean square of result - A B over that of A B, in double precision; NaN or infinite where the result is. */
function errorOf(a: Float64Array, b: Float64Array, result: readonly number[], size: number): number {
  const side = size / GRID
  const exact = new Float64Array(side * side)
  for (let i = 0; i < side; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!
      for (let j = 0; j < side; j++) exact[i * side + j]! += factor * b[k * side + j]!
    }
  }
  const squares = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value * value, 0)
  return Math.sqrt(squares(exact.map((value, i) => value - result[i]!)) / squares(exact))
}

function entriesOf({ bytes, read }: Precision, tile: Uint8Array): number[] {
  const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength)
  return Array.from({ length: tile.length / bytes }, (_, i) => read(view, bytes * i))
}

function float32(view: DataView, at: number): number {
  return view.getFloat32(at, true)
}

function bfloat16(view: DataView, at: number): number {
  const wide = new DataView(new ArrayBuffer(4))
  wide.setUint16(0, view.getUint16(at, true))
  return wide.getFloat32(0)
}

function float16(view: DataView, at: number): number {
  const word = view.getUint16(at, true)
  const sign = word & 0x8000 ? -1 : 1
  const exponent = (word >>> 10) & 31
  const mantissa = word & 0x3ff
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}
