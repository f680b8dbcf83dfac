import { sha256 as noble } from '@trainyard/verifier/hash/sha256.noble.ts'
import { sha256 as node } from '@trainyard/verifier/hash/sha256.node.ts'
import { expect, test } from 'vitest'

test('behavior: browsers and Node hash alike', () => {
  for (const size of [0, 1, 55, 56, 64, 4096, 5000]) {
    const bytes = new Uint8Array(size).map((_, i) => i * 31)
    expect([...noble(bytes)]).toEqual([...node(bytes)])
  }
})
