import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { NodeAccess } from '../chain/NodeAccess.ts'
import { HttpProblem } from '../errors.ts'
import { limitRate } from './limitRate.ts'

/** What @polkadot/api needs to read a chain's state and metadata, and to send an extrinsic that is signed already. */
const METHODS = [
  'author_pendingExtrinsics',
  'author_submitExtrinsic',
  'chain_getBlock',
  'chain_getBlockHash',
  'chain_getFinalizedHead',
  'chain_getHeader',
  'payment_queryInfo',
  'rpc_methods',
  'state_call',
  'state_getMetadata',
  'state_getRuntimeVersion',
  'state_getStorage',
  'state_getStorageAt',
  'state_queryStorageAt',
  'system_accountNextIndex',
  'system_chain',
  'system_properties',
] as const

const CALLS_PER_MINUTE = 3_000
const MAX_MESSAGE_CHARS = 2_000

const callSchema = z.strictObject({
  method: z.enum(METHODS),
  params: z.array(z.unknown()).max(4).default([]),
})

/**
 * `POST /api/node`: one call in the JSON-RPC of the market's Substrate node, for pages that sign with wallets of that kind: the
 * page may connect to this server only. Answers `{result}`, or `{error}` with what the node said.
 */
export const nodeRoutes =
  (askNative: NonNullable<NodeAccess['askNative']>) => async (app: FastifyInstance) => {
    await limitRate(app, CALLS_PER_MINUTE, 'calls')
    app.post('/api/node', async (request) => {
      const call = callSchema.safeParse(request.body)
      if (!call.success) throw refused(z.prettifyError(call.error))
      const { method, params } = call.data
      if (method === 'rpc_methods') return { result: { methods: METHODS } }
      try {
        return { result: await askNative(method, params) }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (isSaidByNode(message)) return { error: { message: message.slice(0, MAX_MESSAGE_CHARS) } }
        throw Object.assign(silent(), { cause: error })
      }
    })
  }

/** The library puts the code of the node's own refusals in front of them; what it says of its connection has none. */
const isSaidByNode = (message: string): boolean => /^-?\d+: /.test(message)

const refused = (detail: string) =>
  new HttpProblem(400, 'Not a call this market passes on', detail, `It passes on: ${METHODS.join(', ')}.`)

const silent = () =>
  new HttpProblem(
    502,
    'The chain does not answer',
    "The market's node did not answer in time.",
    'Look whether a transaction you sent is on chain before you send it again.',
  )
