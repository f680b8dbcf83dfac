import { sha256 } from '#sha256'

const LEAF_PREFIX = 0
const NODE_PREFIX = 1

/** Hash of one leaf's data, as RFC 6962 section 2.1 has it. */
export function leafHash(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + data.length)
  bytes[0] = LEAF_PREFIX
  bytes.set(data, 1)
  return sha256(bytes)
}

/** Root of the RFC 6962 tree over leaves of which only the hashes are kept; at least one. */
export function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0]!
  const left = splitOf(hashes.length)
  return nodeHash(rootOf(hashes.slice(0, left)), rootOf(hashes.slice(left)))
}

/** The hashes that lead from leaf `index` to the root, from below. */
export function pathOf(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length === 1) return []
  const left = splitOf(hashes.length)
  return index < left
    ? [...pathOf(hashes.slice(0, left), index), rootOf(hashes.slice(left))]
    : [...pathOf(hashes.slice(left), index - left), rootOf(hashes.slice(0, left))]
}

/** The root that a leaf's hash and its path lead to, in a tree of `count` leaves; undefined if the path's length is wrong. */
export function rootFrom(
  hash: Uint8Array,
  path: readonly Uint8Array[],
  index: number,
  count: number,
): Uint8Array | undefined {
  if (count === 1) return path.length === 0 ? hash : undefined
  const last = path.at(-1)
  if (!last) return undefined
  const left = splitOf(count)
  const rest = path.slice(0, -1)
  const isLeft = index < left
  const below = isLeft ? rootFrom(hash, rest, index, left) : rootFrom(hash, rest, index - left, count - left)
  if (!below) return undefined
  return isLeft ? nodeHash(below, last) : nodeHash(last, below)
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1)
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + right.length)
  bytes[0] = NODE_PREFIX
  bytes.set(left, 1)
  bytes.set(right, 1 + left.length)
  return sha256(bytes)
}
