import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { send } from '@trainyard/contracts/send.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { readToken, signPermit } from '@trainyard/contracts/token.ts'
import { marketProvider } from '../chain/marketProvider.ts'
import type { Tell } from '../chain/TracingSigner.ts'
import { withWallet } from '../chain/withWallet.ts'
import type { WalletState } from '../wallet/WalletStore.ts'

const PERMIT_SECONDS = 3_600
const NO_ADDRESS = `0x${'0'.repeat(40)}`

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
  withWallet(wallet, deployment, tell, async (context, account) => {
    const deadline = BigInt((await readHead(context)).timestamp + PERMIT_SECONDS)
    const permitSignature = await permitIfShort(context, account, addedWei, deadline)
    const terms = { payer: NO_ADDRESS, maxTotalWei: addedWei, nonce: 0n, deadline }
    const payment = { ...terms, paySignature: '0x', permitSignature }
    return send(context, 'market', 'renewOrder', [BigInt(orderId), extraSeconds, payment])
  })

/** The permission to take an amount, signed only if free balance and allowance do not cover it. */
const permitIfShort = async (
  context: ChainContext,
  account: string,
  valueWei: bigint,
  deadline: bigint,
): Promise<string> => {
  const [freeWei, { allowanceWei }] = await Promise.all([
    readFree(context, account),
    readToken(context, account),
  ])
  return valueWei - freeWei > allowanceWei
    ? signPermit(context, signerOf(context), { valueWei, deadline })
    : '0x'
}

/** How long the order may be extended to in all, seconds: the offer's maximum when it was placed. */
export const readLongest = async (deployment: Deployment, orderId: string): Promise<number> => {
  const context = { deployment, runner: marketProvider(deployment.chainId) }
  return (await read(context, 'market', 'agreedOf', [BigInt(orderId)])).offerMaxSeconds
}
