import { FetchRequest, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult } from 'ethers'

export type RpcAnswer = JsonRpcResult | JsonRpcError
export type RpcHead = { readonly number: number; readonly timestamp: number }

/** One JSON-RPC address, and what is known about the node behind it. */
export type Endpoint = {
  /** Host and port: an address may hold an access key in its path. */
  readonly name: string
  /** The newest block it told, and when (performance.now). */
  head: (RpcHead & { readonly atMs: number }) | undefined
  /** Whether it was found to serve the right chain since it last failed. */
  isVerified: boolean
  /** Until when others are asked first (performance.now). */
  avoidUntilMs: number
  /** Rejects if there is no well-formed answer to this very request. Says no more of the address than its name. */
  post(payload: JsonRpcPayload): Promise<RpcAnswer>
  /** Waits longer after each failure in a row before it is preferred again: 1 s, 2 s, ... 60 s. */
  failed(): void
  succeeded(): void
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** @param attempts how often a node that says "too many requests" is asked again before that is a failure */
export function createEndpoint(url: string, timeoutMs: number, attempts: number): Endpoint {
  const name = new URL(url).host
  let failures = 0
  const endpoint: Endpoint = {
    name,
    head: undefined,
    isVerified: false,
    avoidUntilMs: 0,
    async post(payload) {
      const request = new FetchRequest(url)
      request.timeout = timeoutMs
      request.setThrottleParams({ maxAttempts: attempts })
      request.body = JSON.stringify(payload)
      request.setHeader('content-type', 'application/json')
      return answerTo(payload, name, request)
    },
    failed() {
      endpoint.isVerified = false
      endpoint.avoidUntilMs = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS)
    },
    succeeded() {
      failures = 0
      endpoint.avoidUntilMs = 0
    },
  }
  return endpoint
}

async function answerTo(payload: JsonRpcPayload, name: string, request: FetchRequest): Promise<RpcAnswer> {
  let body: unknown
  try {
    const response = await request.send()
    response.assertOk()
    body = response.bodyJson
  } catch (error) {
    throw new Error(`${name} did not answer ${payload.method}: ${reasonOf(error)}`)
  }
  if (isAnswerTo(payload, body)) return body
  throw new Error(`${name} answered something else than ${payload.method}`)
}

function isAnswerTo(payload: JsonRpcPayload, body: unknown): body is RpcAnswer {
  if (typeof body !== 'object' || body === null || !('id' in body) || body.id !== payload.id) return false
  return 'result' in body || ('error' in body && typeof body.error === 'object' && body.error !== null)
}

/** ethers puts the whole request, address and all, into its messages; its short ones and codes are harmless. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('shortMessage' in error) return String(error.shortMessage)
  return 'code' in error ? String(error.code) : error.name
}
