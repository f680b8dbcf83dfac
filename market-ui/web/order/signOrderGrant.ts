import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { expiryOfGrant, signGrant } from '@trainyard/verifier/grant.ts'
import type { Signer } from 'ethers'
import type { Order } from '../../server/api/schemas.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'
import type { OrderGrant } from './orderGrants.ts'

const LIFETIME_SECONDS = 3_600

type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

/** The account's word to an order's seller that it asks about this order, for an hour. Moves no money. */
export const signOrderGrant = (
  { wallet, deployment, tell }: Signing,
  { orderId, seller }: Pick<Order, 'orderId' | 'seller'>,
): Promise<OrderGrant> =>
  withWallet(wallet, deployment, tell, async ({ runner }, account) => {
    const { chainId, market } = deployment
    const asked = {
      chainId,
      market,
      audience: seller,
      orderId: BigInt(orderId),
      lifetimeSeconds: LIFETIME_SECONDS,
    }
    const header = await signGrant(runner as Signer, asked)
    return { header, account, expiresAt: expiryOfGrant(header) }
  })
