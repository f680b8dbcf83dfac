import { bond } from '@trainyard/contracts/bond.ts'
import { challenge } from '@trainyard/contracts/challenge.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readChallengeBond } from '@trainyard/contracts/readChallengeBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { getAddress } from 'ethers'
import { marketProvider } from '../chain/marketProvider.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

/** What a challenge of an order reserves, and how much more bond the account needs for it; wei. */
export type ChallengeCost = { readonly bondWei: string; readonly missingWei: string }

/** Throws ChainUnreachable. */
export const readChallengeCost = async (
  deployment: Deployment,
  orderId: string,
  account: string,
): Promise<ChallengeCost> => {
  const context = { deployment, runner: marketProvider(deployment.chainId) }
  const [bondWei, { activeWei, reservedWei }] = await Promise.all([
    readChallengeBond(context, BigInt(orderId)),
    readBond(context, getAddress(account)),
  ])
  const missing = bondWei - (activeWei - reservedWei)
  return { bondWei: String(bondWei), missingWei: String(missing > 0n ? missing : 0n) }
}

/** Bonds what is missing, then says that a segment does not hold. Returns the dispute's number. */
export const challengeSegment = (
  { wallet, deployment, tell }: Signing,
  { orderId, segment, missingWei }: { orderId: string; segment: number; missingWei: string },
): Promise<string> =>
  withWallet(wallet, deployment, tell, async (context, account) => {
    const amountWei = BigInt(missingWei)
    if (amountWei > 0n) {
      const short = amountWei - (await readFree(context, account))
      if (short > 0n) await deposit(context, { amountWei: short })
      tell.step('Adding to your bond')
      await bond(context, { amountWei })
    }
    tell.step('Opening the dispute')
    const { disputeId } = await challenge(context, { orderId: BigInt(orderId), segment })
    return String(disputeId)
  })
