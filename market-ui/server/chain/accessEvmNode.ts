import { FetchRequest, type JsonRpcPayload, JsonRpcProvider, Network } from 'ethers'
import type { NodeAccess } from './NodeAccess.ts'

const REQUEST_TIMEOUT_MS = 5_000
const FORWARD_TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 1024 * 1024

/** A node that speaks Ethereum's JSON-RPC over http. */
export const accessEvmNode = (rpc: string): NodeAccess => ({
  kind: 'evm',
  newest: 'latest',
  connect(chainId) {
    const request = new FetchRequest(rpc)
    request.timeout = REQUEST_TIMEOUT_MS
    const network = Network.from(chainId)
    return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1 })
  },
  forward: (call) => forward(rpc, call),
  close: () => undefined,
})

const forward = async (rpc: string, call: JsonRpcPayload): Promise<string> => {
  const answer = await fetch(rpc, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(call),
    redirect: 'error',
    signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
  })
  const text = await readText(answer)
  JSON.parse(text) // an error page of a proxy in between is no answer
  return text
}

const readText = async (answer: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > MAX_ANSWER_BYTES) throw new RangeError('the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
