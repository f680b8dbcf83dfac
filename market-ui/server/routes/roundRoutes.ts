import type { FastifyInstance } from 'fastify'
import type { RoundReader } from '../api/RoundReader.ts'
import { awaitedRoundsSchema, roundSchema } from '../api/schemas.ts'
import { parseId } from './apiRoutes.ts'
import { limitRate } from './limitRate.ts'

/** Each may ask several relays. */
const PER_MINUTE = 60

/** drand's rounds for pages, which may speak to this server only. Nothing is believed that is not signed by the network. */
export const roundRoutes = (rounds: RoundReader) => async (app: FastifyInstance) => {
  await limitRate(app, PER_MINUTE, 'requests for rounds')
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.get<{ Params: { id: string } }>('/api/orders/:id/rounds', async (request) =>
    awaitedRoundsSchema.parse(await rounds.awaited(parseId(request.params.id))),
  )
  app.get<{ Params: { id: string } }>('/api/rounds/:id', async (request) =>
    roundSchema.parse(await rounds.round(parseId(request.params.id))),
  )
}
