import { AbiCoder, id, keccak256 } from 'ethers'

export const verdictNames = ['none', 'pass', 'fail', 'unavailable'] as const
export type VerdictName = Exclude<(typeof verdictNames)[number], 'none'>

/** Two bits per drawn segment in drawOf's order, lowest first. */
export function packVerdicts(verdicts: readonly VerdictName[]): bigint {
  return verdicts.reduce(
    (packed, name, i) => packed | (BigInt(verdictNames.indexOf(name)) << BigInt(2 * i)),
    0n,
  )
}

/** The inverse of `packVerdicts` for `count` segments; `none` where nothing was said. */
export function unpackVerdicts(packed: bigint, count: number): (VerdictName | 'none')[] {
  return Array.from({ length: count }, (_, i) => verdictNames[Number((packed >> BigInt(2 * i)) & 3n)]!)
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
