import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers'
import type { Hex } from './hash/hex.ts'

/**
 * Seed of a window's data order: keccak256(abi.encode("trainyard.seed", jobSeed, orderId, window, beacon)).
 * @param beacon value of the order's beacon number `window`
 */
export function windowSeed(args: {
  jobSeed: string
  orderId: bigint | string
  window: number
  beacon: string
}): Hex {
  const types = ['bytes32', 'bytes32', 'uint256', 'uint32', 'bytes32']
  const values = [encodeBytes32String('trainyard.seed'), args.jobSeed, args.orderId, args.window, args.beacon]
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex
}
