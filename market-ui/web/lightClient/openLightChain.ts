import type { JsonRpcProvider } from 'ethers'
import { polledProvider } from '../chain/polledProvider.ts'
import type { KnownChain } from './knownChains.ts'
import workerUrl from './lightClientWorker.ts?worker&url'

/** A chain that is followed in this browser. */
export type LightChain = {
  /** Asks it in a Substrate node's JSON-RPC. Rejects after `timeoutMs`. */
  ask(method: string, params: readonly unknown[], timeoutMs?: number): Promise<unknown>
  /** For contracts' views and events. */
  provider(market: {
    readonly chain: 'substrate-evm' | 'revive'
    readonly chainId: number
    readonly genesisHash: string
  }): Promise<JsonRpcProvider>
}

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
type Answer = {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

const TIMEOUT_MS = 60_000
const POLLING_MS = 6_000

/** Starts the worker and gives it the chain's specifications. `signal` ends it. */
export const openLightChain = async (known: KnownChain, signal: AbortSignal): Promise<LightChain> => {
  const [{ chainSpec: relay }, { chainSpec: chain }] = await Promise.all([known.relay(), known.chain()])
  const worker = new Worker(scriptUrl(), { type: 'module', name: 'light client' })
  signal.addEventListener('abort', () => worker.terminate())
  const waiting = new Map<number, Waiting>()
  const failAll = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason))
    waiting.clear()
  }
  worker.addEventListener('error', ({ message }) => failAll(message || 'The light client did not start.'))
  worker.addEventListener('message', ({ data }: MessageEvent<{ rpc?: string; failed?: string }>) => {
    if (data.failed !== undefined) return failAll(data.failed)
    const { id, result, error } = JSON.parse(data.rpc ?? '{}') as Answer
    const asked = id === undefined ? undefined : waiting.get(id)
    if (id === undefined || asked === undefined) return
    waiting.delete(id)
    if (error) asked.reject(new Error(error.message))
    else asked.resolve(result)
  })
  worker.postMessage({ relay, chain })
  let lastId = 0
  const ask: LightChain['ask'] = (method, params, timeoutMs = TIMEOUT_MS) =>
    new Promise((resolve, reject) => {
      const id = ++lastId
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`The light client did not answer ${method} in time.`))
      }, timeoutMs)
      const settle =
        <T>(how: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer)
          how(value)
        }
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      worker.postMessage(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  return {
    ask,
    async provider({ chain: kind, chainId, genesisHash }) {
      const { openApi } = await import('@trainyard/contracts/substrate/connectApi.ts')
      const { chainOver } = await import('@trainyard/contracts/substrate/chainOver.ts')
      const name = 'the light client'
      const { api, requireRightChain } = await openApi(polledProvider(ask), name, genesisHash)
      const options = { kind, name, chainId, requireRightChain, pollingIntervalMs: POLLING_MS }
      return (await chainOver(api, options)).provider
    },
  }
}

/** The page's policy lets scripts be named by this rule alone: files of our own build. */
const scriptUrl = (): string => {
  const url = new URL(workerUrl, location.href)
  if (url.origin !== location.origin || !url.pathname.startsWith('/assets/'))
    throw new TypeError('not a script of this page')
  const { trustedTypes } = window as unknown as {
    trustedTypes?: {
      createPolicy: (
        name: string,
        rules: { createScriptURL: (url: string) => string },
      ) => { createScriptURL: (url: string) => string }
    }
  }
  policy ??= trustedTypes?.createPolicy('light-client', { createScriptURL: (given) => given })
  return policy?.createScriptURL(url.href) ?? url.href
}

let policy: { createScriptURL: (url: string) => string } | undefined
