import type { JsonRpcPayload } from 'ethers'
import type { RpcAnswer } from '../rpc/createEndpoint.ts'
import { connectApi } from './connectApi.ts'
import { createFacade } from './createFacade.ts'
import { palletOf, type SubstrateKind } from './palletOf.ts'

/**
 * A Substrate node's answers as they are: none is held back for being older than one before, since whoever follows a chain
 * handles its reorganisations.
 */
export type SubstrateNode = {
  /** Of Ethereum's JSON-RPC. Rejects if the node does not answer, or if it went over to another chain. */
  request(payload: JsonRpcPayload): Promise<RpcAnswer>
  /** Of the node's own JSON-RPC. */
  send(method: string, params: readonly unknown[]): Promise<unknown>
  close(): void
}

/** Connects to one node, whatever chain it serves. Throws WrongChain if that has no such pallet. */
export async function openNode(kind: SubstrateKind, url: string): Promise<SubstrateNode> {
  const { api, requireRightChain, send } = await connectApi([url], undefined)
  const close = () => void api.disconnect().catch(() => undefined)
  try {
    const facade = createFacade(api, palletOf(api, kind), async () => undefined)
    return {
      async request(payload) {
        requireRightChain()
        return facade.request(payload)
      },
      async send(method, params) {
        requireRightChain()
        return send(method, params)
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}
