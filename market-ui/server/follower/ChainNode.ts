import { FetchRequest, JsonRpcProvider, Network } from 'ethers'
import type { BlockRef } from '../db/rowTypes.ts'

const REQUEST_TIMEOUT_MS = 5_000

/** The node's own answers, none cached, each within five seconds. */
export class ChainNode {
  readonly #rpc: string
  #provider: JsonRpcProvider
  #chainId = 1 // until the node has said which

  constructor(rpc: string) {
    this.#rpc = rpc
    this.#provider = connectTo(rpc, this.#chainId)
  }

  get provider(): JsonRpcProvider {
    return this.#provider
  }

  /** Asks which chain this is: its id and first block's hash. Rejects if the node does not answer. */
  async identify(): Promise<{ chainId: number; genesisHash: string }> {
    const chainId = Number(await this.#provider.send('eth_chainId', []))
    if (chainId !== this.#chainId) {
      this.#provider.destroy()
      this.#provider = connectTo(this.#rpc, chainId)
      this.#chainId = chainId
    }
    const genesis = await this.block(0)
    if (genesis === undefined) throw new Error('The node has no first block.')
    return { chainId, genesisHash: genesis.hash }
  }

  /** A block by number; undefined if the chain does not reach it. */
  async block(number: number | 'latest'): Promise<BlockRef | undefined> {
    const tag = number === 'latest' ? number : `0x${number.toString(16)}`
    const block = (await this.#provider.send('eth_getBlockByNumber', [tag, false])) as RawBlock | null
    return block === null
      ? undefined
      : { number: Number(block.number), hash: block.hash, at: Number(block.timestamp) }
  }

  close(): void {
    this.#provider.destroy()
  }
}

type RawBlock = { number: string; hash: string; timestamp: string }

const connectTo = (rpc: string, chainId: number): JsonRpcProvider => {
  const request = new FetchRequest(rpc)
  request.timeout = REQUEST_TIMEOUT_MS
  const network = Network.from(chainId)
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1 })
}
