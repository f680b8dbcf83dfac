import { sha256 as noble, sha256Into as nobleInto } from '@trainyard/verifier/hash/sha256.noble.ts'
import { sha256 as node, sha256Into as nodeInto } from '@trainyard/verifier/hash/sha256.node.ts'
import { expect, test } from 'vitest'

test('behavior: browsers and Node hash alike', () => {
  for (const size of [0, 1, 55, 56, 64, 4096, 5000]) {
    const bytes = new Uint8Array(size).map((_, i) => i * 31)
    expect([...noble(bytes)]).toEqual([...node(bytes)])
    for (const into of [nodeInto, nobleInto]) {
      const out = new Uint8Array(40).fill(9)
      into(bytes, out, 5)
      expect([...out]).toEqual([9, 9, 9, 9, 9, ...node(bytes), 9, 9, 9])
    }
  }
})
