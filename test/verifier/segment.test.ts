import { type SegmentLeaf, segmentLeafHash } from '@trainyard/verifier/segment.ts'
import { AbiCoder, dataSlice, id, keccak256 } from 'ethers'
import { expect, test } from 'vitest'

const TYPES = ['uint256', 'address', 'uint32', 'uint64', 'uint64', ...Array(6).fill('bytes32'), 'uint64']

/** docs/formats.md 2, as written there. */
function byTheBook(leaf: SegmentLeaf): string {
  const { orderId, seller, segment, firstStep, lastStep, beaconRound } = leaf
  const { stateRootBefore, stateRootAfter, batchRoot, rngRoot, inputsRoot, innerRoot } = leaf
  const roots = [stateRootBefore, stateRootAfter, batchRoot, rngRoot, inputsRoot, innerRoot]
  const values = [orderId, seller, segment, firstStep, lastStep, ...roots, beaconRound]
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(TYPES, values)))
}

test('default: a leaf hashes as abi.encode has it, from the smallest values to the largest', () => {
  const orders = ['0', '1', '255', '256', String(2n ** 256n - 1n), String(BigInt(id('order')) >> 7n)]
  const numbers = [0, 1, 255, 256, 2 ** 32 - 1]
  const steps = [0, 1, 65_536, 2 ** 32, Number.MAX_SAFE_INTEGER]
  for (const [i, orderId] of orders.entries()) {
    for (const [j, segment] of numbers.entries()) {
      const root = (name: string) => id(`${name} ${i} ${j}`) as `0x${string}`
      const leaf = {
        orderId,
        seller: dataSlice(root('seller'), 12) as `0x${string}`,
        segment,
        firstStep: steps[j]!,
        lastStep: steps[(i + j) % steps.length]!,
        stateRootBefore: root('before'),
        stateRootAfter: root('after'),
        batchRoot: root('batch'),
        rngRoot: root('rng'),
        inputsRoot: root('inputs'),
        innerRoot: root('inner'),
        beaconRound: steps[i % steps.length]!,
      }
      expect(segmentLeafHash(leaf)).toBe(byTheBook(leaf))
    }
  }
})
