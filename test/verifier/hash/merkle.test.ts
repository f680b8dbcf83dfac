import { createMerkle, merkleRoot } from '@trainyard/verifier/hash/merkle.ts'
import { expect, test } from 'vitest'

const leaves = Array.from({ length: 21 }, (_, i) => new Uint8Array(i * 300).fill(i))

test('behavior: asking for the root leaves a tree that goes on growing', () => {
  const tree = createMerkle()
  leaves.forEach((leaf, i) => {
    tree.push(leaf)
    expect(tree.root()).toEqual(merkleRoot(leaves.slice(0, i + 1)))
    expect(tree.root()).toEqual(tree.root())
  })
})

test('behavior: order and number of leaves are in the root', () => {
  const [a, b, c] = leaves as [Uint8Array, Uint8Array, Uint8Array]
  expect(merkleRoot([b, a])).not.toEqual(merkleRoot([a, b]))
  expect(merkleRoot([a, b, c, c])).not.toEqual(merkleRoot([a, b, c]))
  expect(merkleRoot([merkleRoot([a, b])])).not.toEqual(merkleRoot([a, b]))
})
