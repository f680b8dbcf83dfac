import { sha256, sha256Into } from '#sha256'

const LEAF_PREFIX = 0
const NODE_PREFIX = 1
const HASH_BYTES = 32
/** enough levels for 2^53 leaves */
const LEVELS = 54

/** Pushes leaves one by one; holds one hash per tree level, so a tree of any size needs no list of leaves. */
export type MerkleBuilder = { push(data: Uint8Array): void; root(): Uint8Array }

/** SHA-256 Merkle tree of RFC 6962 section 2.1: leaf H(0x00||d), node H(0x01||l||r), empty H(""). */
export function createMerkle(): MerkleBuilder {
  // roots of whole subtrees, largest first, one behind the other; sizes[i] leaves below hash i
  const hashes = new Uint8Array(LEVELS * HASH_BYTES)
  const sizes: number[] = []
  const node = new Uint8Array(1 + 2 * HASH_BYTES)
  node[0] = NODE_PREFIX
  let leaf = new Uint8Array(4097)
  leaf[0] = LEAF_PREFIX

  /** Replaces the hashes at `at` and behind it by their parent. */
  const join = (at: number) => {
    for (let i = 0; i < 2 * HASH_BYTES; i++) node[i + 1] = hashes[at + i]!
    sha256Into(node, hashes, at)
  }
  return {
    push(data) {
      if (leaf.length < data.length + 1) leaf = new Uint8Array(data.length + 1)
      leaf.set(data, 1)
      const whole = leaf.length === data.length + 1 ? leaf : leaf.subarray(0, data.length + 1)
      sha256Into(whole, hashes, sizes.length * HASH_BYTES)
      sizes.push(1)
      while (sizes.length > 1 && sizes.at(-1) === sizes.at(-2)) {
        sizes.pop()
        sizes[sizes.length - 1]! *= 2
        join((sizes.length - 1) * HASH_BYTES)
      }
    },
    root() {
      if (sizes.length === 0) return sha256(new Uint8Array(0))
      const kept = hashes.slice()
      for (let i = sizes.length - 2; i >= 0; i--) join(i * HASH_BYTES)
      const root = hashes.slice(0, HASH_BYTES)
      hashes.set(kept)
      return root
    },
  }
}

/** Root of the RFC 6962 tree over `leaves` (their data, not their hashes). */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = createMerkle()
  for (const data of leaves) tree.push(data)
  return tree.root()
}
