import type { ChainKind } from '@trainyard/contracts/chainKinds.ts'
import type { JsonRpcProvider } from 'ethers'
import type { NodeAccess } from '../chain/NodeAccess.ts'
import type { BlockRef } from '../db/rowTypes.ts'

/** The node's own answers, none cached, each within a few seconds. */
export class ChainNode {
  readonly #access: NodeAccess
  #provider: JsonRpcProvider
  #chainId = 1 // until the node has said which

  constructor(access: NodeAccess) {
    this.#access = access
    this.#provider = access.connect(this.#chainId)
  }

  get kind(): ChainKind {
    return this.#access.kind
  }

  get provider(): JsonRpcProvider {
    return this.#provider
  }

  /** Asks which chain this is: its id and first block's hash. Rejects if the node does not answer. */
  async identify(): Promise<{ chainId: number; genesisHash: string }> {
    const chainId = Number(await this.#provider.send('eth_chainId', []))
    if (chainId !== this.#chainId) {
      this.#provider.destroy()
      this.#provider = this.#access.connect(chainId)
      this.#chainId = chainId
    }
    const genesis = await this.block(0)
    if (genesis === undefined) throw new Error('The node has no first block.')
    return { chainId, genesisHash: genesis.hash }
  }

  /** A block by number; undefined if the chain does not reach it. */
  async block(number: number | 'newest'): Promise<BlockRef | undefined> {
    const tag = number === 'newest' ? this.#access.newest : `0x${number.toString(16)}`
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
