import type { FastifyInstance } from 'fastify'
import type { Hub, NumberedChange } from '../live/Hub.ts'
import { openSse } from '../live/openSse.ts'

/** `GET /api/stream`: says what changed, so that a page reads again only that. Resumes from Last-Event-ID. */
export const streamRoutes = (hub: Hub) => async (app: FastifyInstance) => {
  app.get('/api/stream', (request, reply) => {
    let stopListening = (): void => undefined
    const stream = openSse(request, reply, () => stopListening())
    const send = ({ id, change }: NumberedChange) => stream.send({ id: String(id), data: change })
    stopListening = hub.listen(send)
    const missed = hub.since(Number(request.headers['last-event-id'] ?? hub.lastId))
    if (missed === undefined) send({ id: hub.lastId, change: { topic: 'all' } })
    else missed.forEach(send)
  })
}
