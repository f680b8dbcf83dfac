import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHeld } from '@trainyard/contracts/readHeld.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { getAddress } from 'ethers'
import type { Balances } from './balancesQuery.ts'
import { marketProvider } from './marketProvider.ts'

/** Reads what an account has in its wallet and in the market. Throws ChainUnreachable. */
export const readBalances = async (deployment: Deployment, anyCase: string): Promise<Balances> => {
  const account = getAddress(anyCase)
  const runner = marketProvider(deployment.chainId)
  const context = { deployment, runner }
  const [{ balanceWei }, freeWei, heldWei, coinWei] = await Promise.all([
    readToken(context, account),
    readFree(context, account),
    readHeld(context, account, 'Escrow'),
    runner.getBalance(account),
  ])
  return {
    tokenWei: String(balanceWei),
    freeWei: String(freeWei),
    heldWei: String(heldWei),
    coinWei: String(coinWei),
  }
}
