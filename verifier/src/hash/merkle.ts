import { sha256 } from '#sha256'

const LEAF_PREFIX = 0
const NODE_PREFIX = 1

/** Pushes leaves one by one; holds one hash per tree level, so a tree of any size needs no list of leaves. */
export type MerkleBuilder = { push(data: Uint8Array): void; root(): Uint8Array }

/** SHA-256 Merkle tree of RFC 6962 section 2.1: leaf H(0x00||d), node H(0x01||l||r), empty H(""). */
export function createMerkle(): MerkleBuilder {
  const pending: { hash: Uint8Array; leaves: number }[] = []
  const node = new Uint8Array(65)
  node[0] = NODE_PREFIX
  let leaf = new Uint8Array(4097)

  const join = (left: Uint8Array, right: Uint8Array) => {
    node.set(left, 1)
    node.set(right, 33)
    return sha256(node)
  }
  return {
    push(data) {
      if (leaf.length < data.length + 1) leaf = new Uint8Array(data.length + 1)
      leaf[0] = LEAF_PREFIX
      leaf.set(data, 1)
      let hash = sha256(leaf.subarray(0, data.length + 1))
      let leaves = 1
      for (let top = pending.at(-1); top && top.leaves === leaves; top = pending.at(-1)) {
        pending.pop()
        hash = join(top.hash, hash)
        leaves *= 2
      }
      pending.push({ hash, leaves })
    },
    root() {
      const last = pending.at(-1)
      if (!last) return sha256(new Uint8Array(0))
      let hash = last.hash
      for (let i = pending.length - 2; i >= 0; i--) hash = join(pending[i]!.hash, hash)
      return hash
    },
  }
}

/** Root of the RFC 6962 tree over `leaves` (their data, not their hashes). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = createMerkle()
  for (const data of leaves) tree.push(data)
  return tree.root()
}
