import { leafHash, rootFrom, sha256 } from './program/hashTree.ts'
import type { Opening, Place, Sample } from './program/runBenchmark.ts'
import {
  choiceOf,
  choosingState,
  firstState,
  foldOne,
  GRID,
  LARGEST,
  stateRoot,
  TILES,
  tilesOf,
  type Workload,
} from './program/workload.ts'

/**
 * Whether one sampled tile of one product holds: the three states are in the tree, the first state is the seed's, the right
 * matrix of those in memory was taken, and the tile is what the row and the column of tiles give, computed again in whole
 * numbers. Says what is wrong, or undefined.
 */
export function checkOpening(
  workload: Workload,
  claim: { products: number; root: Uint8Array },
  sample: Sample,
  opening: Opening,
): string | undefined {
  const { size, matrices } = workload
  const { index } = sample
  const states = claim.products + 1
  const isIn = (root: Uint8Array, path: readonly Uint8Array[], state: number) =>
    isSame(rootFrom(leafHash(root), path, state, states), claim.root)
  const { root, path } = opening.choosing
  if (!isIn(root, path, choosingState(index))) return 'the state that chooses is not in the tree'
  const places: [Place, number][] = [
    [opening.places.left, choiceOf(root, index, matrices)],
    [opening.places.right, index],
    [opening.places.result, index + 1],
  ]
  for (const [{ hashes, path: way }, state] of places) {
    if (hashes.length !== TILES) return 'a state has another number of tiles'
    if (!isIn(stateRoot(hashes), way, state)) return `state ${state} is not in the tree`
  }
  if (index === 0) {
    const seeded = tilesOf(firstState(workload), size).map((tile) => sha256(tile))
    const given = opening.places.right.hashes
    if (!given.every((hash, t) => isSame(hash, seeded[t]!)))
      return 'the first state is not the one of this seed'
  }
  return checkTile(size, sample, opening)
}

function checkTile(size: number, { tile }: Sample, opening: Opening): string | undefined {
  const { left, right, result, places } = opening
  const side = size / GRID
  const row = Math.floor(tile / GRID)
  const tiles = [
    ...left.map((bytes, k) => ({ bytes, hash: places.left.hashes[row * GRID + k] })),
    ...right.map((bytes, k) => ({ bytes, hash: places.right.hashes[k * GRID + (tile % GRID)] })),
    { bytes: result, hash: places.result.hashes[tile] },
  ]
  if (left.length !== GRID || right.length !== GRID) return 'tiles are missing'
  for (const { bytes, hash } of tiles) {
    if (bytes.length !== side * side) return 'a tile has the wrong size'
    if (!isSame(sha256(bytes), hash!)) return 'a tile is not the one that was committed'
    if (!signed(bytes).every((entry) => Math.abs(entry) <= LARGEST)) return 'an entry is too large'
  }
  const expected = multiplied(left.map(signed), right.map(signed), side)
  return isSame(bytesOf(expected), result) ? undefined : 'the product is wrong'
}

/** A row of tiles times a column of tiles, folded. */
function multiplied(left: readonly Int8Array[], right: readonly Int8Array[], side: number): Int8Array {
  const sums = new Int32Array(side * side)
  for (let k = 0; k < GRID; k++) addProduct(left[k]!, right[k]!, sums, side)
  return Int8Array.from(sums, foldOne)
}

function addProduct(a: Int8Array, b: Int8Array, sums: Int32Array, side: number): void {
  for (let i = 0; i < side; i++) {
    for (let k = 0; k < side; k++) {
      const factor = a[i * side + k]!
      for (let j = 0; j < side; j++) sums[i * side + j]! += factor * b[k * side + j]!
    }
  }
}

function signed(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function bytesOf(entries: Int8Array): Uint8Array {
  return new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}
