import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { ZeroAddress } from 'ethers'
import type { OrderRecord } from './orderRecord.ts'

/** The contracts that an order's record names. It does not name those of scores, which no check asks. */
export function deploymentOf({ chainId, genesisHash, contracts }: OrderRecord): Deployment {
  const others = { hashrate: ZeroAddress, drilling: ZeroAddress, rewards: ZeroAddress }
  return {
    chainId,
    genesisHash,
    ...contracts,
    ...others,
    beacon: contracts.beacon ?? ZeroAddress,
    deployedBlock: 0,
  }
}
