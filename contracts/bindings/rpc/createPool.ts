import type { JsonRpcPayload } from 'ethers'
import { WrongChain } from '../errors.ts'
import { createEndpoint, type Endpoint, type RpcAnswer } from './createEndpoint.ts'
import { createJudge } from './createJudge.ts'
import { isHeadRequest } from './headIn.ts'
import { verifyEndpoint } from './verifyEndpoint.ts'

const REQUEST_TIMEOUT_MS = 15_000
const SINGLE_ATTEMPTS = 12
const HEAD_REQUEST: JsonRpcPayload = {
  jsonrpc: '2.0',
  id: 1,
  method: 'eth_getBlockByNumber',
  params: ['latest', false],
}

export type PoolOptions = {
  urls: readonly string[]
  chainId: number
  genesisHash: string
  /** Told of every failure of an address (host and port), also if another one answered in its stead. */
  onError?: ((address: string, error: Error) => void) | undefined
}

/** Several JSON-RPC addresses of one chain, asked as if they were one. */
export type Pool = {
  request(payload: JsonRpcPayload): Promise<RpcAnswer>
  /** Asks all for chain and first block. Throws WrongChain if one serves another, else if none answers. */
  verify(): Promise<void>
}

/**
 * Requests go to the first address that answers, serves the right chain and is in sync; a transaction goes to all.
 * A node counts as out of sync if its newest block is too old against this machine's clock, older than what was
 * read before, or behind another's. If none is left the request fails: what the chain holds is unknown then.
 */
export function createPool(options: PoolOptions): Pool {
  const attempts = options.urls.length === 1 ? SINGLE_ATTEMPTS : 1
  const endpoints = options.urls.map((url) => createEndpoint(url, REQUEST_TIMEOUT_MS, attempts))
  const judge = createJudge(options.chainId)

  const post = async (endpoint: Endpoint, payload: JsonRpcPayload): Promise<RpcAnswer> => {
    try {
      const answer = await endpoint.post(payload)
      endpoint.succeeded()
      judge.saw(endpoint, payload, answer)
      return answer
    } catch (error) {
      endpoint.failed()
      options.onError?.(endpoint.name, error as Error)
      throw error
    }
  }
  const verifyOnce = async (endpoint: Endpoint) => {
    if (!endpoint.isVerified) await verifyEndpoint(endpoint, post, options)
  }
  const ask = async (endpoint: Endpoint, payload: JsonRpcPayload): Promise<RpcAnswer> => {
    await verifyOnce(endpoint)
    if (!isHeadRequest(payload)) {
      if (!judge.hasFreshHead(endpoint)) await post(endpoint, HEAD_REQUEST)
      judge.requireSync(endpoint)
      return post(endpoint, payload)
    }
    const answer = await post(endpoint, payload)
    judge.requireSync(endpoint)
    return answer
  }
  const probing = new Set<Endpoint>()
  const probeOthers = (asked: Endpoint) => {
    for (const endpoint of endpoints) {
      if (endpoint === asked || probing.has(endpoint) || performance.now() < endpoint.avoidUntilMs) continue
      probing.add(endpoint)
      void verifyOnce(endpoint)
        .then(() => post(endpoint, HEAD_REQUEST))
        .catch(() => endpoint.failed())
        .finally(() => probing.delete(endpoint))
    }
  }
  const askInTurn = async (payload: JsonRpcPayload): Promise<RpcAnswer> => {
    let failure: unknown
    for (const endpoint of judge.ranked(endpoints)) {
      if (isHeadRequest(payload)) probeOthers(endpoint)
      try {
        return await ask(endpoint, payload)
      } catch (error) {
        // Once the daemon runs, a node that has gone over to another chain is one that does not answer.
        failure = error instanceof WrongChain ? new Error(error.message) : error
      }
    }
    throw failure
  }
  /** Taken by one is taken. A node that refuses has not lost it: only if all refuse is it refused. */
  const tellAll = async (payload: JsonRpcPayload): Promise<RpcAnswer> => {
    const told = endpoints.map(async (endpoint) => {
      await verifyOnce(endpoint)
      return post(endpoint, payload)
    })
    const takes = told.map(async (answer) => {
      const given = await answer
      if ('error' in given) throw new Error(given.error.message)
      return given
    })
    try {
      return await Promise.any(takes)
    } catch {
      return (await Promise.all(told))[0]! // rejects if one did not answer
    }
  }
  return {
    request: (payload) =>
      payload.method === 'eth_sendRawTransaction' ? tellAll(payload) : askInTurn(payload),
    async verify() {
      const told = await Promise.allSettled(endpoints.map(verifyOnce))
      const failures = told.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
      const wrong = failures.find((error) => error instanceof WrongChain)
      if (wrong) throw wrong
      if (failures.length === endpoints.length) throw failures[0]
    },
  }
}
