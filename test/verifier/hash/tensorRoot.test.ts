import { merkleRoot } from '@trainyard/verifier/hash/merkle.ts'
import { tensorRoot } from '@trainyard/verifier/hash/tensorRoot.ts'
import { expect, test } from 'vitest'

const CHUNK = 4096

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / CHUNK) }, (_, i) =>
    bytes.slice(i * CHUNK, (i + 1) * CHUNK),
  )
}

test('behavior: the root is that of the chunks, whatever their number and the last one’s length, and no byte changes', () => {
  // Around one chunk, and around the 32 that are copied at once.
  const sizes = [0, 1, 32, 65].flatMap((chunks) =>
    [-1, 0, 1].map((more) => Math.max(0, chunks * CHUNK + more)),
  )
  for (const size of sizes) {
    const bytes = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) | 1)
    const before = bytes.slice()
    expect(tensorRoot(bytes), `${size} bytes`).toEqual(merkleRoot(chunksOf(bytes)))
    expect(bytes).toEqual(before)
  }
})
