import type { JsonRpcPayload } from 'ethers'
import type { Endpoint, RpcAnswer } from '../rpc/createEndpoint.ts'
import { createJudge } from '../rpc/createJudge.ts'
import type { Pool } from '../rpc/createPool.ts'
import { isHeadRequest } from '../rpc/headIn.ts'
import type { Facade } from './createFacade.ts'

const HEAD: JsonRpcPayload = {
  jsonrpc: '2.0',
  id: 1,
  method: 'eth_getBlockByNumber',
  params: ['latest', false],
}

/**
 * A Substrate node, asked as if it were a pool of Ethereum nodes, and under the same rules: a node whose newest block is too
 * old, or older than what was seen before, is not acted on.
 * @param requireRightChain throws if the node behind the address was exchanged
 */
export function createSubstratePool(options: {
  name: string
  chainId: number
  facade: Facade
  requireRightChain: () => void
}): Pool {
  const { name, chainId, facade, requireRightChain } = options
  const judge = createJudge(chainId)
  const endpoint: Endpoint = {
    name,
    head: undefined,
    isVerified: true,
    avoidUntilMs: 0,
    post: (payload) => facade.request(payload),
    failed: () => undefined,
    succeeded: () => undefined,
  }
  const post = async (payload: JsonRpcPayload): Promise<RpcAnswer> => {
    requireRightChain()
    const answer = await endpoint.post(payload)
    judge.saw(endpoint, payload, answer)
    return answer
  }
  return {
    async request(payload) {
      if (isHeadRequest(payload)) {
        const answer = await post(payload)
        judge.requireSync(endpoint)
        return answer
      }
      if (!judge.hasFreshHead(endpoint)) await post(HEAD)
      judge.requireSync(endpoint)
      return post(payload)
    },
    async verify() {
      requireRightChain()
    },
  }
}
