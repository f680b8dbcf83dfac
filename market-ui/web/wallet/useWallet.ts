import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { healthQuery } from '../api/queries.ts'
import { local } from '../local.ts'
import type { WalletDetail } from './eip1193.ts'
import { resumeWallet, type WalletState, walletStore } from './WalletStore.ts'
import { discoverWallets, offerDevWallet, wallets } from './walletList.ts'

const DEVNET_CHAIN_ID = 31_337

/** The connected wallet, as it is now. */
export const useWallet = (): WalletState => useSyncExternalStore(walletStore.subscribe, walletStore.snapshot)

/** The wallets one can choose from. */
export const useWallets = (): readonly WalletDetail[] =>
  useSyncExternalStore(wallets.subscribe, wallets.snapshot)

/** Looks for wallets, offers the devnet key on a devnet, and resumes the wallet of the last visit. Once per page. */
export const useWalletSetup = (): void => {
  const { data } = useQuery(healthQuery())
  const found = useWallets()
  useEffect(discoverWallets, [])
  const chain = data?.chain ?? 'evm'
  useEffect(() => {
    if (chain !== 'evm') void resumeSubstrateWallet()
  }, [chain])
  useEffect(() => {
    if (data?.chain === 'evm' && data.chainId === DEVNET_CHAIN_ID) offerDevWallet()
  }, [data?.chain, data?.chainId])
  useEffect(() => {
    for (const wallet of found) void resumeWallet(wallet)
  }, [found])
}

/** The account of a Substrate wallet that was used at the last visit. */
const resumeSubstrateWallet = async (): Promise<void> => {
  const former = local.wallet.get()
  if (!former?.startsWith('substrate:')) return
  try {
    const { formerWallet } = await import('./substrate/substrateWallet.ts')
    const wallet = await formerWallet(former)
    if (wallet) await resumeWallet(wallet)
  } catch {
    // it has gone, or refuses: it can be connected by hand
  }
}
