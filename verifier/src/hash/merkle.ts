import { sha256, sha256Into } from '#sha256'

const LEAF_PREFIX = 0
const NODE_PREFIX = 1
const HASH_BYTES = 32
const LEFT = 1
const RIGHT = 1 + HASH_BYTES

/** Pushes leaves one by one; holds one hash per tree level, so a tree of any size needs no list of leaves. */
export type MerkleBuilder = {
  push(data: Uint8Array): void
  /** Pushes leaf[1..] without a copy of it. Its first byte is overwritten by the prefix. */
  pushBehindPrefix(leaf: Uint8Array): void
  root(): Uint8Array
}

/** SHA-256 Merkle tree of RFC 6962 section 2.1: leaf H(0x00||d), node H(0x01||l||r), empty H(""). */
export function createMerkle(): MerkleBuilder {
  // By level: what the next node of that level is hashed from, and whether its left half is there.
  const nodes: Uint8Array[] = []
  const hasLeft: boolean[] = []
  let scratch = new Uint8Array(0)

  /** Adds the hash of `bytes` to the lowest level, and each node that gets complete by it to the level above. */
  const add = (bytes: Uint8Array) => {
    let level = 0
    for (let from = bytes; ; from = nodes[level++]!) {
      nodes[level] ??= createNode()
      const isRight = hasLeft[level] === true
      sha256Into(from, nodes[level]!, isRight ? RIGHT : LEFT)
      hasLeft[level] = !isRight
      if (!isRight) return
    }
  }
  const pushBehindPrefix = (leaf: Uint8Array) => {
    leaf[0] = LEAF_PREFIX
    add(leaf)
  }
  return {
    push(data) {
      if (scratch.length < data.length + 1) scratch = new Uint8Array(data.length + 1)
      scratch.set(data, 1)
      pushBehindPrefix(scratch.subarray(0, data.length + 1))
    },
    pushBehindPrefix,
    root() {
      const lefts = nodes
        .filter((_, level) => hasLeft[level])
        .map((node): Uint8Array => node.slice(LEFT, RIGHT))
      return lefts.length === 0 ? sha256(new Uint8Array(0)) : lefts.reduce((right, left) => join(left, right))
    },
  }
}

function createNode(): Uint8Array {
  const node = new Uint8Array(1 + 2 * HASH_BYTES)
  node[0] = NODE_PREFIX
  return node
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = createNode()
  node.set(left, LEFT)
  node.set(right, RIGHT)
  return sha256(node)
}

/** Root of the RFC 6962 tree over `leaves` (their data, not their hashes). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = createMerkle()
  for (const data of leaves) tree.push(data)
  return tree.root()
}
