import type { NativeAccount } from '@trainyard/contracts/substrate/account.ts'

/** Wallets as polkadot.js's extension interface has them: what they put at window.injectedWeb3. All of it is untrusted. */

export type InjectedAccount = {
  /** As people write it (SS58). */
  readonly address: string
  readonly name?: string | undefined
  readonly type?: string | undefined
  /** The only chain that the account's owner wants it used on. */
  readonly genesisHash?: string | null | undefined
}

/** Asks its owner and signs; see @polkadot/api's Signer. */
export type InjectedSigner = Required<Pick<NonNullable<NativeAccount['signer']>, 'signPayload'>>

type Enabled = {
  readonly accounts: { readonly get: (anyType?: boolean) => Promise<unknown> }
  readonly signer: unknown
}
type Extension = { readonly enable: (origin: string) => Promise<Enabled> }

const MAX_ACCOUNTS = 200
const ANSWER_MS = 120_000

const extensions = (): Readonly<Record<string, Extension>> => {
  const { injectedWeb3 } = window as { injectedWeb3?: unknown }
  return typeof injectedWeb3 === 'object' && injectedWeb3 !== null
    ? (injectedWeb3 as Record<string, Extension>)
    : {}
}

/** Names of those that are there now. */
export const extensionNames = (): string[] =>
  Object.entries(extensions()).flatMap(([name, extension]) =>
    typeof extension?.enable === 'function' ? [name] : [],
  )

/** The wallet gave no answer, or is not there any more. No money moved. */
class ExtensionSilent extends Error {
  override readonly name = 'ExtensionSilent'
  readonly title = 'The wallet does not answer'
  readonly suggestion = 'Open the extension and look whether it waits for you; else load this page again.'
  readonly moneyMoved = false
}

/** Rejects with ExtensionSilent if an extension that was updated or removed meanwhile leaves us waiting. */
export const answerOf = async <T>(name: string, work: Promise<T>, timeoutMs = ANSWER_MS): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const error = new ExtensionSilent(`${name} gave no answer within ${timeoutMs / 60_000} minutes.`)
  const timer = setTimeout(() => late.reject(error), timeoutMs)
  try {
    return await Promise.race([work, late.promise])
  } catch (refusal) {
    throw isRefusal(refusal) ? Object.assign(new Error('The request was rejected.'), { code: 4001 }) : refusal
  } finally {
    clearTimeout(timer)
  }
}

/** These wallets have no code for it, only words. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /cancel|reject|denied|not allowed/i.test(error.message)

const isAccount = (value: unknown): value is InjectedAccount => {
  const { address, name, type, genesisHash } = (value ?? {}) as Record<string, unknown>
  const isText = (text: unknown) => text === undefined || text === null || typeof text === 'string'
  return typeof address === 'string' && address.length < 100 && [name, type, genesisHash].every(isText)
}

/** Asks a wallet to show its accounts to this page. Rejects with code 4001 if the user does not want that. */
export const enableExtension = async (
  name: string,
): Promise<{ accounts: readonly InjectedAccount[]; signer: InjectedSigner }> => {
  const extension = extensions()[name]
  if (extension === undefined) throw new ExtensionSilent(`${name} is not in this browser any more.`)
  const { accounts, signer } = await answerOf(name, extension.enable('Trainyard'))
  const found = await answerOf(name, accounts.get(true))
  if (typeof (signer as Partial<InjectedSigner> | null)?.signPayload !== 'function' || !Array.isArray(found))
    throw new ExtensionSilent(`${name} does not say what polkadot.js wallets say.`)
  return { accounts: found.filter(isAccount).slice(0, MAX_ACCOUNTS), signer: signer as InjectedSigner }
}
