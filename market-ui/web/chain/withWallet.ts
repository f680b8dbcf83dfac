import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { getAddress, Network } from 'ethers'
import type { WalletState } from '../wallet/WalletStore.ts'
import { marketProvider } from './marketProvider.ts'
import { type SentTx, type Tell, TracingSigner } from './TracingSigner.ts'
import { untilLost } from './untilLost.ts'
import { WalletProvider } from './WalletProvider.ts'
import { WalletUnready } from './WalletUnready.ts'

const POLLING_MS = 500

/**
 * Does work with the connected wallet's account on the market's chain. Rejects with WalletUnready when no wallet is
 * connected or it is on another chain, TransactionLost when a sent transaction was replaced or dropped, else what the
 * work rejects with.
 */
export const withWallet = async <T>(
  wallet: WalletState,
  deployment: Deployment,
  tell: Tell,
  work: (context: ChainContext, account: string) => Promise<T>,
): Promise<T> => {
  const { account, wallet: detail } = wallet
  if (detail === undefined || account === undefined) throw WalletUnready.notConnected()
  await requireChain(wallet, deployment)
  const network = Network.from(deployment.chainId)
  const provider = new WalletProvider(detail.provider, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    pollingInterval: POLLING_MS,
  })
  const done = new AbortController()
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)
  const sent = (tx: SentTx): void => {
    tell.sent(tx)
    // A Substrate account's number is known to its own way to the market's node only.
    const watched = detail.ss58 === undefined ? marketProvider(deployment.chainId) : provider
    untilLost(watched, account, tx, done.signal).catch((error: unknown) => {
      provider.giveUp()
      lost.reject(error)
    })
  }
  const signer = new TracingSigner(
    provider,
    getAddress(account),
    { step: tell.step, sent },
    detail.ss58 === undefined,
  )
  const working = work({ deployment, runner: signer }, signer.address)
  working.catch(() => undefined) // after a loss nobody waits for it any more
  try {
    return await Promise.race([working, lost.promise])
  } finally {
    done.abort()
    provider.destroy()
  }
}

/** Asked of the wallet itself, now: it may have changed since the page looked. */
const requireChain = async ({ wallet }: WalletState, deployment: Deployment): Promise<void> => {
  const ask = (method: string, params: unknown[] = []) => wallet!.provider.request({ method, params })
  const chainId = Number(await ask('eth_chainId'))
  if (chainId !== deployment.chainId) throw WalletUnready.otherNetwork(chainId, deployment.chainId)
  const first = (await ask('eth_getBlockByNumber', ['0x0', false]).catch(() => null)) as {
    hash?: string
  } | null
  if (first?.hash !== undefined && first.hash !== deployment.genesisHash) throw WalletUnready.otherChain()
}
