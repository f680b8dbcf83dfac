import { concat, keccak256 } from 'ethers'
import type { Hex } from './hex.ts'

/** The root of a keccak256 tree split as in RFC 6962 over at least one hash. */
export function treeOf(hashes: readonly Hex[]): Hex {
  if (hashes.length === 1) return hashes[0]!
  const split = splitOf(hashes.length)
  return keccak256(concat([treeOf(hashes.slice(0, split)), treeOf(hashes.slice(split))])) as Hex
}

/** The siblings from a leaf up, nearest first. */
export function pathOf(hashes: readonly Hex[], position: number): Hex[] {
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
