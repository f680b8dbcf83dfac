import { evidenceBytes, evidenceSigner, parseEvidence } from '@trainyard/verifier/evidence.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { expect, test } from 'vitest'
import { bundleParts, CHAIN_ID, OTHER, SELLER, WINDOWS } from '../helpers/honestBundle.ts'

const domain = { chainId: CHAIN_ID, windows: WINDOWS }
const [evidence] = (await bundleParts()).evidence

test('default', () => {
  expect(parseEvidence(evidenceBytes(evidence!))).toEqual(evidence)
  expect(evidenceSigner(evidence!, domain)).toBe(SELLER.address)
})

test('behavior: a signature counts for its own leaves, beacon, order and deployment only', () => {
  const leaves = evidence!.leaves.map((leaf) => ({ ...leaf, lastStep: leaf.lastStep + 1 }))
  const beacon: Hex = `0x${'99'.repeat(32)}`
  for (const changed of [{ leaves }, { window: 1 }, { orderId: '8' }, { beacon }]) {
    expect(evidenceSigner({ ...evidence!, ...changed }, domain)).not.toBe(SELLER.address)
  }
  expect(evidenceSigner(evidence!, { ...domain, chainId: 1 })).not.toBe(SELLER.address)
  expect(evidenceSigner(evidence!, { ...domain, windows: OTHER.address })).not.toBe(SELLER.address)
})

test('error: bytes in another form than the stored one', () => {
  const spaced = new TextEncoder().encode(`${new TextDecoder().decode(evidenceBytes(evidence!))} `)
  expect(() => parseEvidence(spaced)).toThrow('not in canonical form')
})
