import { AbiCoder, getBytes } from 'ethers'
import type { PublicKeyPoint } from './points.ts'

/** Domain tags of contracts/src/pallets/Rewards.sol. */
export const POSSESSION_TAG = 'TRAINYARD_POP_BN254G1_XMD:KECCAK-256_SVDW_RO_'
export const CLAIM_TAG = 'TRAINYARD_WIN_BN254G1_XMD:KECCAK-256_SVDW_RO_'

/** What a key signs to be registered: the chain, the contract, the machine, its owner, and itself. */
export function possessionMessage(facts: {
  chainId: number
  rewards: string
  machineId: bigint
  owner: string
  key: PublicKeyPoint
}): Uint8Array {
  const { chainId, rewards, machineId, owner, key } = facts
  const types = ['uint256', 'address', 'uint256', 'address', 'uint256[4]']
  return getBytes(AbiCoder.defaultAbiCoder().encode(types, [chainId, rewards, machineId, owner, [...key]]))
}
