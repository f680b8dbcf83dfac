import type { FastifyInstance } from 'fastify'
import type { RoundReader } from '../api/RoundReader.ts'
import { awaitedRoundsSchema, roundSchema } from '../api/schemas.ts'
import { parseId } from './apiRoutes.ts'
import { limitRate } from './limitRate.ts'

/** Open pages ask every few seconds which rounds an order waits for. */
const ASKED_PER_MINUTE = 1_200
/** Each may ask several relays. */
const FETCHED_PER_MINUTE = 60

type ById = { Params: { id: string } }

/** drand's rounds for pages, which may speak to this server only. Nothing is believed that is not signed by the network. */
export const roundRoutes = (rounds: RoundReader) => async (app: FastifyInstance) => {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  await app.register(async (scope) => {
    await limitRate(scope, ASKED_PER_MINUTE, 'questions about rounds')
    scope.get<ById>('/api/orders/:id/rounds', async (request) =>
      awaitedRoundsSchema.parse(await rounds.awaited(parseId(request.params.id))),
    )
  })
  await app.register(async (scope) => {
    await limitRate(scope, FETCHED_PER_MINUTE, 'requests for rounds')
    scope.get<ById>('/api/rounds/:id', async (request) =>
      roundSchema.parse(await rounds.round(parseId(request.params.id))),
    )
  })
}
