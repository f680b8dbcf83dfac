import { ApiPromise, WsProvider } from '@polkadot/api'
import { WrongChain } from '../errors.ts'
import { requireKnownExtensions } from './requireKnownExtensions.ts'
import { signedExtensions } from './signedExtensions.ts'

const RECONNECT_MS = 2_500
const REQUEST_TIMEOUT_MS = 15_000
const START_TIMEOUT_MS = 30_000

/**
 * Opens a node's API and makes sure that it is the chain that is meant, then and each time it connects anew.
 * Throws WrongChain for another chain, UnknownExtension where extrinsics could not be built right, else any Error.
 */
export async function connectApi(
  urls: readonly string[],
  genesisHash: string | undefined,
): Promise<OpenedApi> {
  const provider = new WsProvider([...urls], RECONNECT_MS, {}, REQUEST_TIMEOUT_MS)
  // Its `ttl` is declared a little differently from what the API asks for.
  return openApi(provider as ApiProvider, urls.join(', '), genesisHash)
}

/** `send` asks the node itself, in its own JSON-RPC. */
export type OpenedApi = {
  readonly api: ApiPromise
  readonly requireRightChain: () => void
  readonly send: (method: string, params: readonly unknown[]) => Promise<unknown>
}

/** Any provider of @polkadot/api. */
export type ApiProvider = NonNullable<NonNullable<ConstructorParameters<typeof ApiPromise>[0]>['provider']>

/** `connectApi` over any provider of @polkadot/api: a light client's, for one. */
export async function openApi(
  provider: ApiProvider,
  name: string,
  genesisHash: string | undefined,
  onCreated: (api: ApiPromise) => void = () => undefined,
): Promise<OpenedApi> {
  const api = new ApiPromise({
    ...{ provider, signedExtensions, noInitWarn: true, throwOnConnect: true },
    initWasm: false, // only keys need it, and wait for it themselves
  })
  onCreated(api)
  try {
    await inTime(api.isReadyOrError, `${name} did not answer within ${START_TIMEOUT_MS / 1000} s`)
    requireKnownExtensions(api, signedExtensions)
    const found = api.genesisHash.toHex()
    const expected = genesisHash ?? found
    if (found !== expected) throw otherChain(name, found, expected)
    let other: WrongChain | undefined
    provider.on('connected', () => {
      void api.rpc.chain.getBlockHash(0).then(
        (hash) => {
          other = hash.eq(expected) ? undefined : otherChain(name, hash.toHex(), expected)
        },
        () => undefined, // it went away again
      )
    })
    return {
      api,
      requireRightChain() {
        if (other) throw other
      },
      send: (method, params) => provider.send(method, [...params]),
    }
  } catch (error) {
    await api.disconnect().catch(() => undefined)
    throw error
  }
}

function otherChain(name: string, found: string, expected: string): WrongChain {
  return new WrongChain(
    `The first block of the node at ${name} is ${found}, the deployment's is ${expected}.`,
  )
}

async function inTime<T>(work: Promise<T>, late: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(late)), START_TIMEOUT_MS)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
