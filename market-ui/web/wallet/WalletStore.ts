import { local } from '../local.ts'
import { codeOf } from './describeFailure.ts'
import type { WalletDetail } from './eip1193.ts'

/** `locked`: the wallet that was connected shows no account any more. */
export type WalletState = {
  readonly phase: 'none' | 'connecting' | 'connected' | 'locked'
  readonly wallet: WalletDetail | undefined
  readonly account: string | undefined
  readonly chainId: number | undefined
  /** First block of the chain the wallet is on: two local chains have one number. */
  readonly genesisHash: string | undefined
  readonly error: unknown
}

const none: WalletState = {
  phase: 'none',
  wallet: undefined,
  account: undefined,
  chainId: undefined,
  genesisHash: undefined,
  error: undefined,
}

let state = none
let stopListening = (): void => undefined
const listeners = new Set<() => void>()

const enter = (next: WalletState): void => {
  state = next
  for (const listener of listeners) listener()
}

const change = (part: Partial<WalletState>): void => enter({ ...state, ...part })

const accountIn = (accounts: unknown): string | undefined => {
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  return typeof first === 'string' && /^0x[0-9a-fA-F]{40}$/.test(first) ? first : undefined
}

const readNetwork = async (wallet: WalletDetail): Promise<Pick<WalletState, 'chainId' | 'genesisHash'>> => {
  const chainId = Number(await wallet.provider.request({ method: 'eth_chainId' }))
  const first = { method: 'eth_getBlockByNumber', params: ['0x0', false] }
  // A wallet need not answer this; then only the number tells the networks apart.
  const block = (await wallet.provider.request(first).catch(() => undefined)) as
    | { hash?: unknown }
    | undefined
  return { chainId, genesisHash: typeof block?.hash === 'string' ? block.hash : undefined }
}

const listen = (wallet: WalletDetail): void => {
  stopListening()
  const { provider } = wallet
  const isCurrent = () => state.wallet === wallet
  const refresh = () =>
    readNetwork(wallet).then(
      (network) => isCurrent() && change(network),
      () => undefined,
    )
  const onAccounts = (accounts: never) => {
    const account = accountIn(accounts)
    if (isCurrent())
      change(account ? { account, phase: 'connected' } : { account: undefined, phase: 'locked' })
  }
  const onDisconnect = () => isCurrent() && change({ chainId: undefined, genesisHash: undefined })
  const events = [
    ['accountsChanged', onAccounts],
    ['chainChanged', refresh],
    ['connect', refresh],
    ['disconnect', onDisconnect],
  ] as const
  for (const [name, handle] of events) provider.on?.(name, handle)
  stopListening = () => {
    for (const [name, handle] of events) provider.removeListener?.(name, handle)
  }
}

/** Asks a wallet for an account. What it refuses is in the state's `error`. */
export const connectWallet = async (wallet: WalletDetail): Promise<void> => {
  enter({ ...none, phase: 'connecting', wallet })
  try {
    const account = accountIn(await wallet.provider.request({ method: 'eth_requestAccounts' }))
    const network = await readNetwork(wallet)
    if (state.wallet !== wallet) return
    listen(wallet)
    enter({ ...none, phase: account ? 'connected' : 'locked', wallet, account, ...network })
    local.wallet.set(wallet.info.rdns)
  } catch (error) {
    if (state.wallet === wallet) enter({ ...none, error })
  }
}

/** Connects again to the wallet of the last visit, if it still shows its account. Nothing pops up. */
export const resumeWallet = async (wallet: WalletDetail): Promise<void> => {
  if (state.phase !== 'none' || wallet.info.rdns !== local.wallet.get()) return
  try {
    const account = accountIn(await wallet.provider.request({ method: 'eth_accounts' }))
    const network = await readNetwork(wallet)
    if (state.phase !== 'none') return
    listen(wallet)
    enter({ ...none, phase: account ? 'connected' : 'locked', wallet, account, ...network })
  } catch {
    // it can be connected by hand
  }
}

/** Lets go of the wallet. Whether it still allows this page is up to the wallet. */
export const disconnectWallet = (): void => {
  stopListening()
  if (state.wallet?.isDevKey) local.devKeyInUse.set(undefined)
  local.wallet.set(undefined)
  enter(none)
}

export type Network = { readonly chainId: number; readonly name: string; readonly rpc: string }

const UNKNOWN_CHAIN = 4902

/** Asks the wallet to change its network, and to learn it if it does not know it. Throws what the wallet says. */
export const switchNetwork = async (network: Network): Promise<void> => {
  const { wallet } = state
  if (wallet === undefined) return
  const chainId = `0x${network.chainId.toString(16)}`
  try {
    await wallet.provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] })
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_CHAIN) throw error
    const coin = { name: 'Ether', symbol: 'ETH', decimals: 18 }
    const added = { chainId, chainName: network.name, rpcUrls: [network.rpc], nativeCurrency: coin }
    await wallet.provider.request({ method: 'wallet_addEthereumChain', params: [added] })
  }
  change(await readNetwork(wallet))
}

export const walletStore = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  snapshot: (): WalletState => state,
}
