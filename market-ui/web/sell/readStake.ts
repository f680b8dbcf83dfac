import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { getAddress } from 'ethers'
import { marketProvider } from '../chain/marketProvider.ts'

/** The bond that backs new orders, wei. Throws ChainUnreachable. */
export const readStake = async (
  deployment: Deployment,
  account: string,
): Promise<{ activeWei: string; reservedWei: string }> => {
  const context = { deployment, runner: marketProvider(deployment.chainId) }
  const { activeWei, reservedWei } = await readBond(context, getAddress(account))
  return { activeWei: String(activeWei), reservedWei: String(reservedWei) }
}
