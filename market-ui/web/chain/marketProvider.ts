import { FetchRequest, JsonRpcProvider, Network } from 'ethers'
import { rpcApi } from '../url.ts'

const TIMEOUT_MS = 15_000
let made: { readonly chainId: number; readonly provider: JsonRpcProvider } | undefined

/** Reads the chain through the market server, whatever network a wallet is on. Nothing is cached. */
export const marketProvider = (chainId: number): JsonRpcProvider => {
  if (made?.chainId === chainId) return made.provider
  made?.provider.destroy()
  const request = new FetchRequest(new URL(rpcApi(), location.href).href)
  request.timeout = TIMEOUT_MS
  const network = Network.from(chainId)
  const options = { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 1_000 }
  made = { chainId, provider: new JsonRpcProvider(request, network, options) }
  return made.provider
}
