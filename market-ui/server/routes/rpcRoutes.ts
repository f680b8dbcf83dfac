import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { NodeAccess } from '../chain/NodeAccess.ts'
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

const CALLS_PER_MINUTE = 1_200

const callSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.int(),
  method: z.enum(METHODS),
  params: z.array(z.unknown()).max(4).default([]),
})

/**
 * `POST /api/rpc`: one JSON-RPC call to the market's own node, so that a page reads the chain the market follows,
 * whatever network a wallet is on. Only reads and signed transactions pass; the node's address stays here.
 */
export const rpcRoutes = (forward: NodeAccess['forward']) => async (app: FastifyInstance) => {
  await limitRate(app, CALLS_PER_MINUTE, 'calls')
  app.post('/api/rpc', async (request, reply) => {
    const call = callSchema.safeParse(request.body)
    if (!call.success) throw refused(z.prettifyError(call.error))
    const answer = await forward(call.data).catch((cause: unknown) => {
      throw Object.assign(unanswered(), { cause })
    })
    return reply.type('application/json').send(answer)
  })
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
