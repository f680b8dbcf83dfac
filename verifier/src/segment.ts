import { concat, getBytes, keccak256, toBeArray } from 'ethers'
import { z } from 'zod'
import { address, bytes32, uintText, whole } from './fields.ts'
import type { Hex } from './hash/hex.ts'

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

function treeOf(hashes: readonly Hex[]): Hex {
  if (hashes.length === 1) return hashes[0]!
  const split = splitOf(hashes.length)
  return keccak256(concat([treeOf(hashes.slice(0, split)), treeOf(hashes.slice(split))])) as Hex
}

function pathOf(hashes: readonly Hex[], position: number): Hex[] {
  if (hashes.length === 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return position < split
    ? [...pathOf(left, position), treeOf(right)]
    : [...pathOf(right, position - split), treeOf(left)]
}

/** The largest power of two below the size. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
