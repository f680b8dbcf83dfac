import { createMerkle } from './merkle.ts'

const CHUNK_BYTES = 4096

/** Merkle root over 4,096-byte chunks of a tensor's bytes; the last chunk may be shorter. */
export function tensorRoot(bytes: Uint8Array): Uint8Array {
  const tree = createMerkle()
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) tree.push(bytes.subarray(at, at + CHUNK_BYTES))
  return tree.root()
}
