import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { read } from '@trainyard/contracts/read.ts'
import { renewOrder } from '@trainyard/contracts/renewOrder.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { marketProvider } from '../chain/marketProvider.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

type Signing = { readonly wallet: WalletState; readonly deployment: Deployment; readonly tell: Tell }

/** Buyer: ends the order. */
export const stopOrder = ({ wallet, deployment, tell }: Signing, orderId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) => cancelOrder(context, { orderId: BigInt(orderId) }))

/** Anyone: ends an order whose time is over. */
export const endOverdue = ({ wallet, deployment, tell }: Signing, orderId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) => expireOrder(context, { orderId: BigInt(orderId) }))

/** Anyone: moves the money once the audit has an outcome. */
export const settle = ({ wallet, deployment, tell }: Signing, orderId: string): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) => settleOrder(context, { orderId: BigInt(orderId) }))

/** Buyer who is the payer too: adds time, at most for `addedWei`. */
export const extendOrder = (
  { wallet, deployment, tell }: Signing,
  { orderId, extraSeconds, addedWei }: { orderId: string; extraSeconds: number; addedWei: bigint },
): Promise<unknown> =>
  withWallet(wallet, deployment, tell, (context) =>
    renewOrder(context, { orderId: BigInt(orderId), extraSeconds, maxTotalWei: addedWei }),
  )

/** How long the order may be extended to in all, seconds: the offer's maximum when it was placed. */
export const readLongest = async (deployment: Deployment, orderId: string): Promise<number> => {
  const context = { deployment, runner: marketProvider(deployment.chainId) }
  return (await read(context, 'market', 'agreedOf', [BigInt(orderId)])).offerMaxSeconds
}
