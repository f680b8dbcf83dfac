import { AbiCoder, keccak256 } from 'ethers'

/** What a juror found, before it is opened known to it alone (Types.sol). */
export type Vote = {
  /** a state root, or one of `findings` */
  readonly found: string
  /** whether all segments that were drawn further hold */
  readonly othersHold: boolean
  readonly work: string
  readonly salt: string
}

/** What `sealBallots` stores, a juror signs, and `resolve` compares an opened vote with (IDisputes). */
export function ballotCommitment(args: { disputeId: bigint; round: number; juror: string } & Vote): string {
  const { disputeId, round, juror, found, othersHold, work, salt } = args
  const types = ['uint256', 'uint8', 'address', 'bytes32', 'bool', 'bytes32', 'bytes32']
  const values = [disputeId, round, juror, found, othersHold, work, salt]
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values))
}
