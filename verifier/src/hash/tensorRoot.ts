import { createMerkle } from './merkle.ts'

const CHUNK_BYTES = 4096
/** Chunks are copied so many at once: one large copy takes less than many small ones, and stays in the cache. */
const BLOCK_CHUNKS = 32

// One for all tensors, since hashing waits for nothing. A chunk lies behind the last byte of the one before it, which is
// hashed by then and gives its place to the leaf prefix.
const block = new Uint8Array(1 + BLOCK_CHUNKS * CHUNK_BYTES)
const leaves = Array.from({ length: BLOCK_CHUNKS }, (_, i) => leafAt(i * CHUNK_BYTES, CHUNK_BYTES))

/** Merkle root over 4,096-byte chunks of a tensor's bytes; the last chunk may be shorter. */
export function tensorRoot(bytes: Uint8Array): Uint8Array {
  const tree = createMerkle()
  for (let from = 0; from < bytes.length; from += BLOCK_CHUNKS * CHUNK_BYTES) {
    const part = bytes.subarray(from, from + BLOCK_CHUNKS * CHUNK_BYTES)
    block.set(part, 1)
    for (let at = 0; at < part.length; at += CHUNK_BYTES) {
      const size = part.length - at
      tree.pushBehindPrefix(size < CHUNK_BYTES ? leafAt(at, size) : leaves[at / CHUNK_BYTES]!)
    }
  }
  return tree.root()
}

/** `size` bytes of the block from `at`, and the place of their prefix. */
function leafAt(at: number, size: number): Uint8Array {
  return block.subarray(at, at + 1 + size)
}
