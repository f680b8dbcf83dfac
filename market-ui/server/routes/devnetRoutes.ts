import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { HttpProblem } from '../errors.ts'
import { limitRate } from './limitRate.ts'

const DEVNET_CHAIN_ID = '0x7a69'
const COIN_WEI = 10n ** 19n
const TIMEOUT_MS = 10_000
const PER_MINUTE = 30

const bodySchema = z.strictObject({ account: z.string().regex(/^0x[0-9a-fA-F]{40}$/) })
const answerSchema = z.object({ result: z.string().nullable().optional(), error: z.unknown().optional() })

/**
 * `POST /api/devnet/coin`: gives an account coin for gas, on a local chain only, whose coin is worth nothing. The node
 * is asked each time which chain it is; a node that is no devnet does not know the call either.
 */
export const devnetRoutes = (rpc: string) => async (app: FastifyInstance) => {
  await limitRate(app, PER_MINUTE, 'requests for coin')
  app.post('/api/devnet/coin', async (request) => {
    const body = bodySchema.safeParse(request.body)
    if (!body.success) throw notAnAccount()
    const { account } = body.data
    if ((await ask(rpc, 'eth_chainId', [])) !== DEVNET_CHAIN_ID) throw notADevnet()
    const held = BigInt((await ask(rpc, 'eth_getBalance', [account, 'latest'])) ?? '0x0')
    if (held < COIN_WEI) await ask(rpc, 'anvil_setBalance', [account, `0x${COIN_WEI.toString(16)}`])
    return { account }
  })
}

const ask = async (rpc: string, method: string, params: readonly unknown[]): Promise<string | null> => {
  try {
    const answer = await fetch(rpc, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { result, error } = answerSchema.parse(await answer.json())
    if (error !== undefined) throw new TypeError(`the node refused ${method}`)
    return result ?? null
  } catch (cause) {
    throw Object.assign(noCoin(), { cause })
  }
}

const notAnAccount = () =>
  new HttpProblem(400, 'Not an account', 'The body is not {"account": address}.', 'Send an address.')

const notADevnet = () =>
  new HttpProblem(
    403,
    'Not a devnet',
    'Coin is given away only on local chains.',
    'Buy coin for gas elsewhere.',
  )

const noCoin = () =>
  new HttpProblem(502, 'No coin came', 'The node did not give any.', 'Check that npm start still runs.')
