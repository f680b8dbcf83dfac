import { sha256 } from './hashTree.ts'

/**
 * Entries are whole numbers from -63 to 63, so that a product's sums stay below 2^24 up to size 4,096: exact in every
 * precision that has 7 bits and adds in 24, in any order. One right state on every hardware.
 */
export const MODULUS = 127
export const LARGEST = 63
export const MAX_SIZE = 4096
/** A state is committed and opened in GRID x GRID tiles. */
export const GRID = 16
export const TILES = GRID * GRID
/** A product's left matrix is chosen by the state so many products before: hashing need not hold up multiplying. */
export const LAG = 8

/** What a round asks of one machine: a chain of products of square matrices of which the first `matrices` stay in memory. */
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

/** Matrices of a byte an entry that fill so many MiB. */
export function matricesIn(memoryMiB: number, size: number): number {
  return Math.floor((memoryMiB * 2 ** 20) / (size * size))
}

/** The first state, row by row: SHA-256 of the seed and a counter, each byte modulo 127. */
export function firstState({ seed, size }: Pick<Workload, 'seed' | 'size'>): Int8Array {
  const input = Buffer.concat([Buffer.from(seed.slice(2), 'hex'), Buffer.alloc(4)])
  const state = new Int8Array(size * size)
  for (let at = 0; at < state.length; at += 32) {
    input.writeUInt32BE(at / 32, 32)
    const bytes = sha256(input)
    for (let b = 0; b < 32; b++) state[at + b] = (bytes[b]! % MODULUS) - LARGEST
  }
  return state
}

/** Which of the matrices that are there at product `index` it multiplies by. @param root of state index - LAG, or 0 */
export function choiceOf(root: Uint8Array, index: number, matrices: number): number {
  const input = Buffer.concat([root, Buffer.alloc(4)])
  input.writeUInt32BE(index, 32)
  const word = sha256(input)
  return new DataView(word.buffer, word.byteOffset).getUint32(0) % Math.min(index + 1, matrices)
}

/** Number of the state whose root chooses for product `index`. */
export function choosingState(index: number): number {
  return Math.max(0, index - LAG)
}

/** Fifth powers modulo 127: a bijection, since 5 and 126 have no common factor. It leaves no shortcut by linear algebra. */
const POWERS = Int8Array.from({ length: MODULUS }, (_, r) => {
  const square = (r * r) % MODULUS
  return ((((square * square) % MODULUS) * r) % MODULUS) - LARGEST
})

/** The entry that follows from a product's exact sum. */
export function foldOne(sum: number): number {
  const rest = sum % MODULUS
  return POWERS[rest < 0 ? rest + MODULUS : rest]!
}

/** A state's bytes tile by tile, each tile row by row. */
export function tilesOf(state: Int8Array, size: number): Uint8Array[] {
  const side = size / GRID
  const bytes = new Uint8Array(state.buffer, state.byteOffset, state.byteLength)
  return Array.from({ length: TILES }, (_, t) => {
    const tile = new Uint8Array(side * side)
    const from = Math.floor(t / GRID) * side * size + (t % GRID) * side
    for (let row = 0; row < side; row++) {
      tile.set(bytes.subarray(from + row * size, from + row * size + side), row * side)
    }
    return tile
  })
}

/** SHA-256 of the SHA-256 of all tiles. */
export function stateRoot(tileHashes: readonly Uint8Array[]): Uint8Array {
  return sha256(...tileHashes)
}
