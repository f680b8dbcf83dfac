import type { FastifyInstance } from 'fastify'
import type { ChainRows } from '../db/ChainRows.ts'
import { HttpProblem } from '../errors.ts'
import { openSse } from '../live/openSse.ts'
import { copyCheckpoint } from '../relay/copyCheckpoint.ts'
import type { NumberedEvent } from '../relay/FeedBuffer.ts'
import type { FeedStatus, OrderFeed } from '../relay/OrderFeed.ts'
import type { Relay } from '../relay/Relay.ts'
import { notKnown, parseId } from './apiRoutes.ts'
import { readGrant } from './readGrant.ts'

type Parts = {
  readonly relay: Relay
  readonly rows: ChainRows
  /** Path of the deployment's record: what a grant must be for. */
  readonly deploymentPath: string
}

type ById = { Params: { id: string } }
type AtStep = { Params: { id: string; step: string } }

/**
 * `GET /api/orders/:id/checkpoints/:step`: a checkpoint as the seller's machine serves it.
 * With a grant for the seller in the authorization header (verifier/src/grant.ts), which a browser adds to no request by
 * itself, of a private order too: what comes then is for that reader alone, until the grant ends.
 * `GET /api/orders/:id/events`: what the seller's machine says while it trains: `progress`, `log`, `state`, `gap`;
 * and of the relay itself `begin` (forget what you have; here is the curve, the rest follows) and `feed` (how the connection is).
 */
export const orderEventRoutes =
  ({ relay, rows, deploymentPath }: Parts) =>
  async (app: FastifyInstance) => {
    app.get<ById>('/api/orders/:id/events', async (request, reply) => {
      const orderId = parseId(request.params.id)
      const facts = await rows.order(orderId)
      if (facts === undefined) throw notKnown('order', request.params.id)
      const { authorization } = request.headers
      const grant =
        authorization === undefined
          ? undefined
          : await readGrant(authorization, { orderId, seller: facts.order.seller, deploymentPath })
      const feed = grant ? relay.openGranted(orderId, grant.account, grant.header) : relay.open(orderId)
      if (feed === undefined) throw tooManyFeeds()
      let stopListening = (): unknown => undefined
      const stream = openSse(request, reply, () => {
        stopListening()
        clearTimeout(expiry)
        if (grant) feed.stop()
        else relay.release(orderId)
      })
      const expiry = grant && setTimeout(() => stream.close(), grant.leftMs).unref()
      const onEvent = ({ seq, event }: NumberedEvent) =>
        stream.send({ id: `${feed.epoch}-${seq}`, event: event.kind, data: event.data })
      const onStatus = (status: FeedStatus) => stream.send({ event: 'feed', data: status })
      const missed = missedBy(request.headers['last-event-id'], feed)
      const { points, others } = missed ? { points: [], others: missed } : splitPoints(feed.buffer.all())
      if (missed === undefined) stream.send({ event: 'begin', data: { points } })
      for (const numbered of others) onEvent(numbered)
      onStatus(feed.status)
      stopListening = feed.listen({ onEvent, onStatus })
    })

    app.get<AtStep>('/api/orders/:id/checkpoints/:step', async (request, reply) => {
      const orderId = parseId(request.params.id)
      const step = parseId(request.params.step)
      const endpoint = await relay.endpointOf(orderId)
      if (endpoint === undefined) throw notKnown('order', request.params.id)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const signal = gone.signal
      const { authorization } = request.headers
      const stream = await copyCheckpoint({
        endpoint,
        orderId,
        step,
        authorization,
        allowPrivate: relay.allowPrivate,
        signal,
      })
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="order-${orderId}-step-${step}.safetensors"`)
        .send(stream)
    })
  }

/** A curve of thousands of points goes as one event, in pairs of step and loss: thousands of events keep a browser busy. */
const splitPoints = (all: readonly NumberedEvent[]) => {
  const points: [number, number][] = []
  const others: NumberedEvent[] = []
  for (const numbered of all) {
    const { event } = numbered
    if (event.kind === 'progress') points.push([event.data.step, event.data.loss])
    else others.push(numbered)
  }
  return { points, others }
}

/** What a reader that comes back has not had; undefined if it must begin anew. */
const missedBy = (lastEventId: string | string[] | undefined, feed: OrderFeed) => {
  const [epoch, seq] = String(lastEventId ?? '').split('-')
  return epoch === feed.epoch ? feed.buffer.since(Number(seq)) : undefined
}

const tooManyFeeds = () =>
  new HttpProblem(
    503,
    'Too many live feeds',
    'Too many orders are being watched here.',
    'Try again in a minute.',
  )
