import { AbiCoder, keccak256 } from 'ethers'

/** What a member commits to: its result under its own machine's number, so that nobody can use a copy. */
export function drillCommitment(facts: {
  taskId: bigint
  round: number
  machineId: bigint
  result: string
  salt: string
}): string {
  const { taskId, round, machineId, result, salt } = facts
  const types = ['uint256', 'uint256', 'uint256', 'bytes32', 'bytes32']
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [taskId, round, machineId, result, salt]))
}
