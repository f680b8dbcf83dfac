import { WrongChain } from '@trainyard/contracts/errors.ts'
import { PooledProvider } from '@trainyard/contracts/rpc/PooledProvider.ts'
import type { SubstrateNode } from '@trainyard/contracts/substrate/openNode.ts'
import type { SubstrateKind } from '@trainyard/contracts/substrate/palletOf.ts'
import type { NodeAccess } from './NodeAccess.ts'

const POLLING_MS = 4_000

/** A Substrate node over WebSocket, opened when it is first asked, and anew where it has gone over to another chain. */
export const accessSubstrateNode = (kind: SubstrateKind, url: string): NodeAccess => {
  let opening: Promise<SubstrateNode> | undefined
  let isClosed = false
  /** Loaded only where it is needed: @polkadot/api takes its memory and its time. */
  const open = async (): Promise<SubstrateNode> => {
    const { openNode } = await import('@trainyard/contracts/substrate/openNode.ts')
    const node = await openNode(kind, url)
    if (isClosed) node.close()
    return node
  }
  const forget = (node: Promise<SubstrateNode>): void => {
    if (opening === node) opening = undefined
  }
  const ask = async <T>(work: (node: SubstrateNode) => Promise<T>): Promise<T> => {
    if (isClosed) throw new Error('The market server is stopping.')
    opening ??= open()
    const node = opening
    try {
      return await work(await node)
    } catch (error) {
      if (!(error instanceof WrongChain)) throw error
      forget(node)
      node.then(
        ({ close }) => close(),
        () => undefined,
      )
      throw error
    } finally {
      node.catch(() => forget(node)) // it did not open: the next one tries again
    }
  }
  const pool = {
    request: (payload: Parameters<SubstrateNode['request']>[0]) => ask((node) => node.request(payload)),
    verify: async () => undefined,
  }
  return {
    kind,
    newest: 'finalized',
    connect: (chainId) => new PooledProvider(pool, chainId, POLLING_MS),
    forward: async (call) => JSON.stringify({ jsonrpc: '2.0', ...(await pool.request(call)) }),
    askNative: (method, params) => ask((node) => node.send(method, params)),
    close() {
      isClosed = true
      opening?.then(
        ({ close }) => close(),
        () => undefined,
      )
    },
  }
}
