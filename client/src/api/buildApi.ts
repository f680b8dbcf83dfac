import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { DaemonContext, OrderContext } from '../engine/context.ts'
import type { OrderBook } from '../engine/createOrderBook.ts'
import { describeOrder } from './describeOrder.ts'
import { listFiles, openCheckpoint, openResult, readInner, readProgress, type Served } from './orderFiles.ts'
import { notFound, Problem } from './Problem.ts'
import { requireReader } from './requireReader.ts'
import { streamEvents } from './streamEvents.ts'

const MAX_BODY_BYTES = 1024 // nothing here takes a body
const REQUEST_TIMEOUT_MS = 30_000
const MAX_STREAMS = 64

/** What the API tells once the daemon is up; before that it answers 503. */
export type Ready = { daemon: DaemonContext; book: OrderBook; version: string }

/** The daemon's HTTP API. It only reads; whoever asks proves itself by a grant. */
export function buildApi(ready: () => Ready | undefined): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  })
  allowBrowsers(app)
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, toProblem(error)))
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, notFound('There is no such address.')))
  app.get('/health', () => {
    const { daemon, book, version } = require(ready)
    const states = book.all().map(({ order }) => order.state())
    const orders = states.map(({ orderId }) => orderId)
    const phases = Object.fromEntries(states.map(({ orderId, phase }) => [orderId, phase]))
    return { machineId: String(daemon.machineId), seller: daemon.seller, version, orders, phases }
  })
  addOrderRoutes(app, ready)
  return app
}

function addOrderRoutes(app: FastifyInstance, ready: () => Ready | undefined): void {
  const read = (
    path: string,
    answer: (order: OrderContext, request: Asked, reply: FastifyReply) => unknown,
  ) =>
    app.get<{ Params: Params; Querystring: Query }>(`/orders/:id${path}`, async (request, reply) => {
      const order = orderOf(require(ready), request.params.id)
      await requireReader(order, request.headers.authorization)
      return answer(order, request, reply)
    })
  let streams = 0
  read('', (order) => describeOrder(order))
  read('/manifest', (order) => listFiles(order))
  read('/events', (order, request, reply) => {
    if (streams >= MAX_STREAMS) throw tooMany()
    streams++
    reply.hijack()
    reply.raw.on('close', () => streams--)
    streamEvents(order.events, lastEventId(request), reply.raw, request.query.once !== undefined)
  })
  read('/checkpoints/:name', async (order, { params }, reply) =>
    sendFile(reply, await openCheckpoint(order, wholeNumber(params.name))),
  )
  read('/result/:name', async (order, { params }, reply) =>
    sendFile(reply, await openResult(order, params.name ?? '')),
  )
  read('/inner/:name', (order, { params }, reply) =>
    reply.type('application/json').send(Buffer.from(readInner(order, wholeNumber(params.name)))),
  )
  read('/progress.jsonl', (order, _request, reply) =>
    reply.type('application/jsonl').send(readProgress(order)),
  )
}

type Params = { id: string; name?: string }
type Query = { once?: string }
type Asked = FastifyRequest<{ Params: Params; Querystring: Query }>

function require(ready: () => Ready | undefined): Ready {
  const value = ready()
  if (value) return value
  throw new Problem(503, 'Starting', 'The daemon is still starting.', 'Ask again in a few seconds.')
}

function orderOf({ book }: Ready, id: string): OrderContext {
  const runner = /^\d{1,78}$/.test(id) ? book.get(id) : undefined
  if (!runner) throw notFound(`Order ${id} is not on this machine.`)
  return runner.order
}

function wholeNumber(text: string | undefined): number {
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text)
  throw new Problem(400, 'Not a number', 'A whole number is needed there.', 'Correct the address.')
}

function lastEventId(request: Asked): number {
  const header = request.headers['last-event-id']
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : 0
}

function tooMany(): Problem {
  return new Problem(503, 'Too many readers', `${MAX_STREAMS} streams are open already.`, 'Try again later.')
}

function sendFile(reply: FastifyReply, { stream, bytes }: Served) {
  return reply.type('application/octet-stream').header('content-length', bytes).send(stream)
}

function sendProblem(reply: FastifyReply, problem: Problem) {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 400 && status < 500) {
    return new Problem(status, 'Bad request', (error as Error).message, 'Correct the request.')
  }
  // What went wrong inside is for the seller's log, not for whoever asks.
  return new Problem(503, 'Not available', 'The daemon cannot answer this now.', 'Ask again later.')
}

/** Pages of other origins may read: what is not public asks for a grant, which no browser adds by itself. */
function allowBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('x-content-type-options', 'nosniff')
  })
  app.options('/*', (_request, reply) =>
    reply
      .header('access-control-allow-headers', 'authorization, last-event-id')
      .header('access-control-allow-methods', 'GET')
      .code(204)
      .send(),
  )
}
