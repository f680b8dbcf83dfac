import { hash } from 'node:crypto'

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)

/** A tree of RFC 6962 section 2.1 over leaves of which only the hashes are kept: its levels, the leaves' first. */
export type HashTree = readonly (readonly Uint8Array[])[]

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const whole = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  const digest = hash('sha256', whole, 'buffer')
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength)
}

export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF_PREFIX, data)
}

/** Level by level, an odd last node moving up, gives RFC 6962's splits. At least one hash. */
export function treeOf(hashes: readonly Uint8Array[]): HashTree {
  const levels = [hashes]
  for (let level = hashes; level.length > 1; levels.push(level)) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const right = level[2 * i + 1]
      return right ? sha256(NODE_PREFIX, level[2 * i]!, right) : level[2 * i]!
    })
  }
  return levels
}

export function rootOf(tree: HashTree): Uint8Array {
  return tree.at(-1)![0]!
}

/** The hashes that lead from leaf `index` to the root, from below. */
export function pathOf(tree: HashTree, index: number): Uint8Array[] {
  return tree.flatMap((level, depth) => level[Math.floor(index / 2 ** depth) ^ 1] ?? [])
}

/** The root that a leaf's hash and its path lead to, in a tree of `count` leaves; undefined if the path's length is wrong. */
export function rootFrom(
  hash: Uint8Array,
  path: readonly Uint8Array[],
  index: number,
  count: number,
): Uint8Array | undefined {
  if (index < 0 || index >= count) return undefined
  let node = hash
  let used = 0
  for (let at = index, width = count; width > 1; at >>>= 1, width = Math.ceil(width / 2)) {
    if ((at ^ 1) >= width) continue
    const beside = path[used++]
    if (!beside) return undefined
    node = at % 2 === 1 ? sha256(NODE_PREFIX, beside, node) : sha256(NODE_PREFIX, node, beside)
  }
  return used === path.length ? node : undefined
}
