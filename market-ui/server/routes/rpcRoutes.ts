import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../errors.ts'
import { limitRate } from './limitRate.ts'

/** What a page needs to read the market, to see a transaction through, and to send one that is signed already. */
const METHODS = [
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
] as const

const MAX_ANSWER_BYTES = 1024 * 1024
const TIMEOUT_MS = 10_000
const CALLS_PER_MINUTE = 1_200

const callSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.int(), z.string().max(64)]),
  method: z.enum(METHODS),
  params: z.array(z.unknown()).max(4).default([]),
})

/**
 * `POST /api/rpc`: one JSON-RPC call to the market's own node, so that a page reads the chain the market follows,
 * whatever network a wallet is on. Only reads and signed transactions pass; the node's address stays here.
 */
export const rpcRoutes = (rpc: string) => async (app: FastifyInstance) => {
  await limitRate(app, CALLS_PER_MINUTE, 'calls')
  app.post('/api/rpc', async (request, reply) => {
    const call = callSchema.safeParse(request.body)
    if (!call.success) throw refused(z.prettifyError(call.error))
    return reply.type('application/json').send(await forward(rpc, call.data))
  })
}

const forward = async (rpc: string, call: z.infer<typeof callSchema>): Promise<string> => {
  try {
    const answer = await fetch(rpc, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await readText(answer)
    JSON.parse(text) // an error page of a proxy in between is no answer
    return text
  } catch {
    throw unanswered()
  }
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

const refused = (detail: string) =>
  new HttpProblem(400, 'Not a call this market passes on', detail, `It passes on: ${METHODS.join(', ')}.`)

const unanswered = () =>
  new HttpProblem(
    502,
    'The chain does not answer',
    "The market's node did not answer in time.",
    'Look whether a transaction you sent is on chain before you send it again.',
  )
