import { AbiCoder, concat, keccak256, toBeHex } from 'ethers'
import type { Hex } from './hash/hex.ts'
import type { InnerStep } from './hash/innerRoot.ts'

/** A segment's inner values as `proveNoReplay` takes them: per step u32 loss bits, u32 gradient norm's bits. */
export function innerBits(inner: readonly InnerStep[]): Hex {
  return concat(inner.flatMap(([loss, gradNorm]) => [toBeHex(loss, 4), toBeHex(gradNorm, 4)])) as Hex
}

/**
 * What an auditor that passes every drawn segment salts its commitment with (IProofs.commitVerdicts): only a replay gives
 * it, and another auditor's is another.
 * @param bits of each drawn segment, in the draw's order
 */
export function replaySalt(args: { orderId: bigint; auditor: string; bits: readonly string[] }): Hex {
  const { orderId, auditor, bits } = args
  const digests = bits.map((segment) => keccak256(segment))
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ['uint256', 'address', 'bytes32[]'],
    [orderId, auditor, digests],
  )
  return keccak256(encoded) as Hex
}

/**
 * What a juror's vote says of its replays (Types.sol, Ballot): only who ran them knows it.
 * @param bits of the disputed segment, then of the further ones in disputeOf's order; empty where nothing could be run
 */
export function workOf(bits: readonly string[]): Hex {
  const digests = bits.map((segment) => keccak256(segment))
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32[]'], [digests])) as Hex
}
