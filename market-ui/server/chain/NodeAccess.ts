import type { ChainKind } from '@trainyard/contracts/chainKinds.ts'
import type { JsonRpcPayload, JsonRpcProvider } from 'ethers'
import type { Config } from '../config.ts'
import { accessEvmNode } from './accessEvmNode.ts'
import { accessSubstrateNode } from './accessSubstrateNode.ts'

/** How the market's node is asked, for one kind of chain. */
export type NodeAccess = {
  readonly kind: ChainKind
  /** The newest block that is followed. Where the chain says what is final, nothing else counts: money depends on it. */
  readonly newest: 'latest' | 'finalized'
  /** For contracts' views and events. Nothing is cached, and no request takes longer than some seconds. */
  connect(chainId: number): JsonRpcProvider
  /** One call of a page in Ethereum's JSON-RPC; the answer as JSON. Rejects if the node gives none. */
  forward(call: JsonRpcPayload): Promise<string>
  /** One call in a Substrate node's own JSON-RPC; its result. Rejects with what the node says, or if it is silent. */
  askNative?(method: string, params: readonly unknown[]): Promise<unknown>
  close(): void
}

/** The way to the node that the configuration names. Asks nothing yet. */
export const accessNode = ({ chain, rpc }: Pick<Config, 'chain' | 'rpc'>): NodeAccess =>
  chain === 'evm' ? accessEvmNode(rpc) : accessSubstrateNode(chain, rpc)
