/** What this browser keeps for the market: every key in one place. Storage may be refused; then nothing is kept. */

const PREFIX = 'trainyard.'

type Kept<T> = { readonly get: () => T | undefined; readonly set: (value: T | undefined) => void }

const kept = <T>(name: string, isValid: (value: unknown) => value is T): Kept<T> => ({
  get: () => {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null')
      return isValid(value) ? value : undefined
    } catch {
      return undefined
    }
  },
  set: (value) => {
    try {
      if (value === undefined) localStorage.removeItem(PREFIX + name)
      else localStorage.setItem(PREFIX + name, JSON.stringify(value))
    } catch {
      // full or refused: the page works without
    }
  },
})

const isText = (value: unknown): value is string => typeof value === 'string'
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark'
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isGenesis = (value: unknown): value is Genesis =>
  isRecord(value) && typeof value.chainId === 'number' && isText(value.hash)

export type Theme = 'light' | 'dark'
type Genesis = { readonly chainId: number; readonly hash: string }

export const local = {
  /** rdns of the wallet that was connected last. */
  wallet: kept('wallet', isText),
  devKey: kept('devKey', isText),
  devKeyInUse: kept('devKeyInUse', isBoolean),
  theme: kept('theme', isTheme),
  /** First block of the chain that was shown last, to notice a reset between two visits. */
  genesis: kept('genesis', isGenesis),
  draft: kept('draft', isRecord),
  /** By account: how far its inbox was read, and on which chain. */
  inboxRead: kept('inboxRead', isRecord),
  /** Whether this browser follows the chain by itself. */
  lightClient: kept('lightClient', isBoolean),
  /** Whether the browser shows notices outside the page. */
  notifies: kept('notifies', isBoolean),
} as const

/** Everything kept, for the user to take along; the devnet key is left out. */
export const exportLocal = (): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(local).flatMap(([name, { get }]) => (name === 'devKey' ? [] : [[name, get()]])),
  )

/** Forgets everything. */
export const forgetLocal = (): void => {
  for (const { set } of Object.values(local)) set(undefined)
}
