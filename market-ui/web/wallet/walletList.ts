import { DEV_RDNS, devWallet } from './devWallet.ts'
import type { Eip1193, WalletDetail } from './eip1193.ts'

/** Wallets answer a request for their names at once; after this an older one without a name is looked for. */
const ANSWER_MS = 300

let list: readonly WalletDetail[] = []
const listeners = new Set<() => void>()

const add = (detail: WalletDetail): void => {
  if (list.some(({ info }) => info.uuid === detail.info.uuid)) return
  list = [...list, detail]
  for (const listener of listeners) listener()
}

const isDetail = (value: unknown): value is WalletDetail => {
  const detail = value as Partial<WalletDetail> | null
  const { uuid, name, icon, rdns } = detail?.info ?? {}
  const isNamed = [uuid, name, icon, rdns].every((text) => typeof text === 'string')
  // Nobody but this page may call itself its devnet key.
  return isNamed && rdns !== DEV_RDNS && typeof detail?.provider?.request === 'function'
}

/** Asks all wallets for their names (EIP-6963). Later ones are heard too: the listener stays. */
export const discoverWallets = (): void => {
  addEventListener('eip6963:announceProvider', (event) => {
    const { detail } = event as CustomEvent<unknown>
    if (isDetail(detail)) add({ info: detail.info, provider: detail.provider })
  })
  dispatchEvent(new Event('eip6963:requestProvider'))
  setTimeout(addLegacy, ANSWER_MS)
}

const addLegacy = (): void => {
  const { ethereum } = window as { ethereum?: Eip1193 }
  if (typeof ethereum?.request !== 'function' || list.some(({ provider }) => provider === ethereum)) return
  if (list.some(({ isDevKey }) => !isDevKey)) return
  add({
    info: { uuid: 'window.ethereum', name: 'Browser wallet', icon: '', rdns: 'window.ethereum' },
    provider: ethereum,
  })
}

/** Offers this page's own key. Call only for a devnet. */
export const offerDevWallet = (): void => add(devWallet())

export const wallets = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  snapshot: (): readonly WalletDetail[] => list,
}
