import type { WalletDetail } from './eip1193.ts'

export const DEV_RDNS = 'trainyard.devkey'

const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#7d4500"/><path d="M12 20a5 5 0 1 1 4.6-7H26v4h-3v3h-4v-3h-2.4A5 5 0 0 1 12 20Z" fill="#fff"/></svg>')}`

/**
 * A key that this page keeps in the browser's storage and signs with unasked: for local chains, where nothing is worth
 * anything. The code that signs is loaded when it is used and refuses every other chain.
 */
export const devWallet = (): WalletDetail => {
  const signer = async () => (await import('./devKey.ts')).requestDevKey
  return {
    info: { uuid: DEV_RDNS, name: 'Devnet key', icon, rdns: DEV_RDNS },
    provider: { request: async (call) => (await signer())(call) },
    isDevKey: true,
  }
}
