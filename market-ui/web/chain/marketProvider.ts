import { FetchRequest, JsonRpcProvider, Network } from 'ethers'
import { rpcApi } from '../url.ts'

const TIMEOUT_MS = 15_000
let made: { readonly chainId: number; readonly provider: JsonRpcProvider } | undefined

/** Where to read instead of the market server: a light client that is ready; undefined ends that. */
export const readThrough = (provider: JsonRpcProvider | undefined): void => {
  if (light !== provider) light?.destroy()
  light = provider
}

let light: JsonRpcProvider | undefined

/** Reads the chain, whatever network a wallet is on: through the light client if one is ready, else through the server. */
export const marketProvider = (chainId: number): JsonRpcProvider => light ?? serverProvider(chainId)

/** Reads the chain through the market server. Nothing is cached. */
export const serverProvider = (chainId: number): JsonRpcProvider => {
  if (made?.chainId === chainId) return made.provider
  made?.provider.destroy()
  const request = new FetchRequest(new URL(rpcApi(), location.href).href)
  request.timeout = TIMEOUT_MS
  const network = Network.from(chainId)
  const options = { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 1_000 }
  made = { chainId, provider: new JsonRpcProvider(request, network, options) }
  return made.provider
}
