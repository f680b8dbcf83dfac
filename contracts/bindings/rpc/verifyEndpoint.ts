import type { JsonRpcPayload } from 'ethers'
import { WrongChain } from '../errors.ts'
import type { Endpoint, RpcAnswer } from './createEndpoint.ts'

/** Asks a node for its chain and first block. Throws WrongChain if they are not the deployment's. */
export async function verifyEndpoint(
  endpoint: Endpoint,
  post: (endpoint: Endpoint, payload: JsonRpcPayload) => Promise<RpcAnswer>,
  expected: { chainId: number; genesisHash: string },
): Promise<void> {
  const ask = async (method: string, params: unknown[]): Promise<unknown> => {
    const answer = await post(endpoint, { jsonrpc: '2.0', id: 1, method, params })
    if ('error' in answer) throw new Error(`${endpoint.name} refuses ${method}: ${answer.error.message}`)
    return answer.result
  }
  const chainId = Number(await ask('eth_chainId', []))
  if (chainId !== expected.chainId) {
    throw new WrongChain(
      `The node at ${endpoint.name} serves chain ${chainId}, the deployment is on chain ${expected.chainId}.`,
    )
  }
  const first = await ask('eth_getBlockByNumber', ['0x0', false])
  const hash = typeof first === 'object' && first !== null && 'hash' in first ? first.hash : undefined
  if (hash !== expected.genesisHash) {
    throw new WrongChain(
      `The first block of the node at ${endpoint.name} is ${String(hash)}, the deployment's is ${expected.genesisHash}.`,
    )
  }
  endpoint.isVerified = true
}
