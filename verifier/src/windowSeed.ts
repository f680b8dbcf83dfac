import { AbiCoder, encodeBytes32String, keccak256 } from 'ethers'
import type { Hex } from './hash/hex.ts'

/**
 * Seed of a window's data order: keccak256(abi.encode("trainyard.seed", jobSeed, scheduleId, window, beacon)). The schedule's id
 * is the order's own; of two refereed orders the smaller one, so that both train on the same data.
 * @param twin the other one of a refereed order; 0 or undefined: there is none
 * @param beacon value of the order's beacon number `window`
 */
export function windowSeed(args: {
  jobSeed: string
  orderId: bigint | string
  twin?: bigint | string | undefined
  window: number
  beacon: string
}): Hex {
  const types = ['bytes32', 'bytes32', 'uint256', 'uint32', 'bytes32']
  const scheduleId = scheduleIdOf(BigInt(args.orderId), BigInt(args.twin ?? 0))
  const values = [encodeBytes32String('trainyard.seed'), args.jobSeed, scheduleId, args.window, args.beacon]
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex
}

function scheduleIdOf(orderId: bigint, twin: bigint): bigint {
  return twin !== 0n && twin < orderId ? twin : orderId
}
