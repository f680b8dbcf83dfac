import { positionsIn } from '@trainyard/contracts/verdictCommitment.ts'
import { AbiCoder, concat, keccak256, toBeHex } from 'ethers'
import type { Hex } from './hash/hex.ts'
import type { InnerStep } from './hash/innerRoot.ts'

/** A segment's inner values as `proveNoReplay` takes them: per step u32 loss bits, u32 gradient norm's bits. */
export function innerBits(inner: readonly InnerStep[]): Hex {
  return concat(inner.flatMap(([loss, gradNorm]) => [toBeHex(loss, 4), toBeHex(gradNorm, 4)])) as Hex
}

/**
 * What of its salt an auditor's verdict on one segment fills (IProofs.commitVerdicts): each of its verdicts has an equal part, the
 * lowest position the lowest bits. Who passes a segment fills it with what only a replay gives.
 * @param verdicts the word
 * @param position in it, of a verdict
 */
export function saltPart(salt: string, verdicts: bigint, position: number): bigint {
  const positions = positionsIn(verdicts)
  const { width, shift } = partOf(positions, position)
  return (BigInt(salt) >> shift) & ((1n << width) - 1n)
}

/** What that part is of a pass: the highest bits of a hash over the segment's inner bits, so that another's is another. */
export function replayTag(
  args: { orderId: bigint; auditor: string; bits: string },
  verdicts: bigint,
): bigint {
  const { orderId, auditor, bits } = args
  const types = ['uint256', 'address', 'bytes32']
  const hash = keccak256(AbiCoder.defaultAbiCoder().encode(types, [orderId, auditor, keccak256(bits)]))
  return BigInt(hash) >> (SALT_BITS - widthOf(positionsIn(verdicts).length))
}

/**
 * An auditor's salt.
 * @param random what stands where there is no pass
 * @param bits of each segment that it passed, by position
 */
export function replaySalt(args: {
  orderId: bigint
  auditor: string
  verdicts: bigint
  random: string
  bits: ReadonlyMap<number, string>
}): Hex {
  const { verdicts, random, bits } = args
  const positions = positionsIn(verdicts)
  let salt = BigInt(random)
  for (const [position, inner] of bits) {
    const { width, shift } = partOf(positions, position)
    const tag = replayTag({ ...args, bits: inner }, verdicts)
    salt = (salt & ~(((1n << width) - 1n) << shift)) | (tag << shift)
  }
  return toBeHex(salt, 32) as Hex
}

const SALT_BITS = 256n

const widthOf = (verdicts: number): bigint => SALT_BITS / BigInt(verdicts)

function partOf(positions: readonly number[], position: number) {
  const width = widthOf(positions.length)
  return { width, shift: width * BigInt(positions.indexOf(position)) }
}

/**
 * What a juror's vote says of its replays (Types.sol, Ballot): only who ran them knows it.
 * @param bits of the disputed segment, then of the further ones in disputeOf's order; empty where nothing could be run
 */
export function workOf(bits: readonly string[]): Hex {
  const digests = bits.map((segment) => keccak256(segment))
  return keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32[]'], [digests])) as Hex
}
