import { AbiCoder, dataSlice, keccak256 } from 'ethers'

const DIGEST_BYTES = 24

/** What a seller of one of a pair seals of a window (IWindows.sealWindow): 24 bytes. */
export function sealedDigest(window: {
  orderId: bigint
  root: string
  segments: number
  lastStateRoot: string
}): string {
  const types = ['uint256', 'bytes32', 'uint32', 'bytes32']
  const values = [window.orderId, window.root, window.segments, window.lastStateRoot]
  return dataSlice(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)), 0, DIGEST_BYTES)
}
