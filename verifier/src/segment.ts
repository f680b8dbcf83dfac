import { getBytes, keccak256, toBeArray } from 'ethers'
import { z } from 'zod'
import { address, bytes32, uintText, whole } from './fields.ts'
import type { Hex } from './hash/hex.ts'
import { pathOf, treeOf } from './hash/keccakTree.ts'

const UINT32 = 2 ** 32 - 1
const SAFE = Number.MAX_SAFE_INTEGER

/** One segment's claim (docs/formats.md 2): the states around it and what went in between. */
export const segmentLeafSchema = z.strictObject({
  orderId: uintText,
  seller: address,
  segment: whole(0, UINT32),
  /** steps done before and after it */
  firstStep: whole(0, SAFE),
  lastStep: whole(1, SAFE),
  stateRootBefore: bytes32,
  stateRootAfter: bytes32,
  batchRoot: bytes32,
  rngRoot: bytes32,
  inputsRoot: bytes32,
  innerRoot: bytes32,
  /** block number of the beacon that seeds the segment's window */
  beaconRound: whole(0, SAFE),
})

export type SegmentLeaf = z.infer<typeof segmentLeafSchema>

/** inputsRoot while there are no pools. */
export const NO_INPUTS: Hex = `0x${'00'.repeat(32)}`

const WORD = 32

/** keccak256(keccak256(abi.encode(...))): hashed twice, so that no leaf can pass for an inner node. */
export function segmentLeafHash(leaf: SegmentLeaf): Hex {
  return keccak256(keccak256(encodeLeaf(leaf))) as Hex
}

/** abi.encode of a leaf's twelve static values, written by hand: a window has up to 1,024, each hashed by everybody. */
function encodeLeaf(leaf: SegmentLeaf): Uint8Array {
  const numbers = [leaf.segment, leaf.firstStep, leaf.lastStep]
  const { stateRootBefore, stateRootAfter, batchRoot, rngRoot, inputsRoot, innerRoot } = leaf
  const words = [
    toBeArray(BigInt(leaf.orderId)),
    getBytes(leaf.seller),
    ...numbers.map((value) => toBeArray(value)),
    ...[stateRootBefore, stateRootAfter, batchRoot, rngRoot, inputsRoot, innerRoot].map((root) =>
      getBytes(root),
    ),
    toBeArray(leaf.beaconRound),
  ]
  const encoded = new Uint8Array(WORD * words.length)
  words.forEach((word, i) => {
    if (word.length > WORD) throw new RangeError('a leaf holds no value of more than 32 bytes')
    encoded.set(word, WORD * (i + 1) - word.length)
  })
  return encoded
}

/** keccak256 tree over segment leaves in segment order, split as in RFC 6962; one leaf is its own root. */
export function windowRoot(leaves: readonly SegmentLeaf[]): Hex {
  if (leaves.length === 0) throw new RangeError('a window has at least one segment')
  return treeOf(leaves.map(segmentLeafHash))
}

/** The siblings from a leaf up to its window's root, nearest first, as Disputes takes them. */
export function windowPath(leaves: readonly SegmentLeaf[], position: number): Hex[] {
  if (!leaves[position]) throw new RangeError(`no leaf at position ${position}`)
  return pathOf(leaves.map(segmentLeafHash), position)
}
