import { AbiCoder, id, keccak256 } from 'ethers'

export const verdictNames = ['none', 'pass', 'fail', 'unavailable'] as const
/** A word holds no more. */
const MAX_DRAWN = 128

export type VerdictName = Exclude<(typeof verdictNames)[number], 'none'>

/** Two bits per drawn segment in drawOf's order, lowest first; `none` where it is not in the auditor's share. */
export function packVerdicts(verdicts: readonly (VerdictName | 'none')[]): bigint {
  return verdicts.reduce(
    (packed, name, i) => packed | (BigInt(verdictNames.indexOf(name)) << BigInt(2 * i)),
    0n,
  )
}

/** The inverse of `packVerdicts` for `count` segments; `none` where nothing was said. */
export function unpackVerdicts(packed: bigint, count: number): (VerdictName | 'none')[] {
  return Array.from({ length: count }, (_, i) => verdictNames[Number((packed >> BigInt(2 * i)) & 3n)]!)
}

/** The positions in drawOf's list that a share (or what is left to a larger panel) names: 1 in two bits at each. */
export function positionsIn(share: bigint): number[] {
  return unpackVerdicts(share, MAX_DRAWN).flatMap((name, position) => (name === 'none' ? [] : position))
}

/** What `commitVerdicts` stores and `revealVerdicts` must match (IProofs). */
export function verdictCommitment(args: {
  orderId: bigint
  auditor: string
  verdicts: bigint
  report: string
  salt: string
}): string {
  const types = ['uint256', 'address', 'uint256', 'bytes32', 'bytes32']
  const values = [args.orderId, args.auditor, args.verdicts, id(args.report), args.salt]
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values))
}
