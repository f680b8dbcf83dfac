import type { ApiPromise } from '@polkadot/api'
import type { KeyringPair } from '@polkadot/keyring/types'
import type { BrowserContext } from 'playwright-core'

type Shown = { address: string; name: string; type: string; genesisHash?: string }
/** How the extension behaves next, and how often it was asked to sign. */
export type ExtensionMode = { mode: 'approve' | 'reject'; signed: number }

/**
 * Puts a wallet like polkadot.js's extension into every page of a context. It signs with real keys, as the extension does: from
 * what the page hands it, by the chain's metadata.
 */
export const installExtension = async (
  context: BrowserContext,
  api: ApiPromise,
  pairs: readonly KeyringPair[],
  others: readonly Shown[] = [],
): Promise<ExtensionMode> => {
  const mode: ExtensionMode = { mode: 'approve', signed: 0 }
  const own = pairs.map(({ address, meta, type }) => ({ address, name: String(meta.name), type }))
  await context.exposeFunction('__testExtension', (what: 'accounts' | 'sign', payload?: Payload) => {
    if (mode.mode === 'reject') return { error: what === 'sign' ? 'Cancelled' : 'Rejected' }
    if (what === 'accounts') return { result: [...own, ...others] }
    const pair = pairs.find(({ address }) => sameAccount(api, address, payload!.address))
    if (pair === undefined) return { error: 'no such account' }
    mode.signed += 1
    const { version } = payload!
    const { signature } = api.registry.createType('ExtrinsicPayload', payload, { version }).sign(pair)
    return { result: { id: mode.signed, signature } }
  })
  await context.addInitScript(inject)
  return mode
}

type Payload = { address: string; version: number }

const sameAccount = (api: ApiPromise, one: string, other: string): boolean =>
  api.registry.createType('AccountId32', one).eq(api.registry.createType('AccountId32', other))

/** Runs in the page, before its code: plain JavaScript that knows nothing of this file. */
const inject = (): void => {
  type Said = { result?: unknown; error?: string }
  type Asked = { __testExtension: (what: string, payload?: unknown) => Promise<Said> }
  const ask = async (what: string, payload?: unknown) => {
    const { result, error } = await (window as unknown as Asked).__testExtension(what, payload)
    if (error !== undefined) throw new Error(error)
    return result
  }
  const enable = async () => {
    const shown = await ask('accounts')
    return {
      accounts: { get: async () => shown, subscribe: () => () => undefined },
      signer: { signPayload: (payload: unknown) => ask('sign', payload) },
    }
  }
  Object.assign(window, { injectedWeb3: { 'test-extension': { version: '0.0.0', enable } } })
}
