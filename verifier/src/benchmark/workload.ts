import { sha256 } from '#sha256'
import { type Threefry, threefry, threefryOf } from '../canonical/threefry.ts'

/** Entries and states are whole numbers from -8 to 8, so that every sum below 2^24 is exact in any precision that adds in
 * 24 bits or more, in any order: one right state on every hardware. */
const MODULUS = 17
const SHIFT = 8

/** What a round asks of one machine: products of square matrices, each chosen by the hash of the state before it. */
export type Workload = {
  readonly size: number
  readonly matrices: number
  /** The round's seed mixed with the machine: 0x and 32 bytes of hex. */
  readonly seed: string
}

/** Operations of one product: a multiplication and an addition for each of size^3 terms. */
export function operationsOf(size: number): number {
  return 2 * size ** 3
}

/** Square matrices of this size, in float32, that fill so many MiB; at least two. */
export function matricesIn(memoryMiB: number, size: number): number {
  return Math.max(2, Math.floor((memoryMiB * 2 ** 20) / (4 * size * size)))
}

/** Matrix `index` of a workload, row by row; -1 is the first state. */
export function matrixOf({ seed, size }: Workload, index: number): Int8Array {
  const rng = threefryOf(seed)
  const matrix = new Int8Array(size * size)
  for (let at = 0; at < matrix.length; at += 8) fillEight(rng, matrix, at, index)
  return matrix
}

function fillEight(rng: Threefry, matrix: Int8Array, at: number, index: number): void {
  threefry(rng, at, index + 1)
  for (let b = 0; b < 4; b++) {
    matrix[at + b] = (((rng.x0 >>> (8 * b)) & 255) % MODULUS) - SHIFT
    matrix[at + 4 + b] = (((rng.x1 >>> (8 * b)) & 255) % MODULUS) - SHIFT
  }
}

/** Which matrix multiplies this state. */
export function choiceOf(state: Int8Array, matrices: number): number {
  const hash = sha256(bytesOf(state))
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0) % matrices
}

/** The state after a product whose entries are `sums`. */
export function fold(sums: Float32Array, into: Int8Array): void {
  for (let i = 0; i < sums.length; i++) {
    const rest = sums[i]! % MODULUS
    into[i] = (rest < 0 ? rest + MODULUS : rest) - SHIFT
  }
}

export function bytesOf(state: Int8Array): Uint8Array {
  return new Uint8Array(state.buffer, state.byteOffset, state.byteLength)
}

export { MODULUS, SHIFT }
