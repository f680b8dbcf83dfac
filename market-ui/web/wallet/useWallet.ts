import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { healthQuery } from '../api/queries.ts'
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
  useEffect(() => {
    if (data?.chainId === DEVNET_CHAIN_ID) offerDevWallet()
  }, [data?.chainId])
  useEffect(() => {
    for (const wallet of found) void resumeWallet(wallet)
  }, [found])
}
