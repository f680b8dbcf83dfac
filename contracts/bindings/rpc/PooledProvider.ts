import { type JsonRpcError, type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from 'ethers'
import type { Pool } from './createPool.ts'

/** An ethers provider over several JSON-RPC addresses. */
export class PooledProvider extends JsonRpcProvider {
  readonly #pool: Pool

  constructor(pool: Pool, chainId: number, pollingInterval: number) {
    const network = Network.from(chainId)
    // One request at a time, so that each may go to another node; no result cache, as in createProvider.
    super(undefined, network, { staticNetwork: network, pollingInterval, cacheTimeout: -1, batchMaxCount: 1 })
    this.#pool = pool
  }

  // ethers declares results only, and takes errors as well.
  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const all = Array.isArray(payload) ? payload : [payload]
    const answers: (JsonRpcResult | JsonRpcError)[] = await Promise.all(
      all.map((each) => this.#pool.request(each)),
    )
    return answers as JsonRpcResult[]
  }
}
