import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Machines, OrderContext } from '../engine/context.ts'
import type { OrderBook } from '../engine/createOrderBook.ts'
import type { PublishedBenchmark } from './createBenchmarkReader.ts'
import { type Caller, createIdentifier } from './createIdentifier.ts'
import { createSlots, type Slots } from './createSlots.ts'
import { describeOrder } from './describeOrder.ts'
import { guardConnections } from './guardConnections.ts'
import { limitRates } from './limitRates.ts'
import { listFiles, openCheckpoint, openResult, readInner, readProgress, type Served } from './orderFiles.ts'
import { notFound, Problem } from './Problem.ts'
import { requireReader } from './requireReader.ts'
import { streamEvents } from './streamEvents.ts'

const MAX_BODY_BYTES = 1024 // nothing here takes a body
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 10_000
const MAX_CONNECTIONS = 512
const STREAMS = { total: 64, reserved: 24, perCaller: 16 }
const DOWNLOADS = { total: 64, reserved: 24, perCaller: 16 }

/** What the API tells once the daemon is up; before that it answers 503. */
export type Ready = {
  machines: Machines
  book: OrderBook
  version: string
  /** What the seller's own benchmark measured last. */
  benchmark: () => Promise<PublishedBenchmark | null>
  /** The sampled states of a machine's benchmark in a round: for auditors, and no secret. */
  evidenceOf: (machineId: string, round: number) => Uint8Array | undefined
}

/** The daemon's HTTP API. It only reads; whoever asks proves itself by a grant. */
export function buildApi(ready: () => Ready | undefined): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  })
  const callers = new WeakMap<FastifyRequest, Caller>()
  const callerOf = (request: FastifyRequest) =>
    callers.get(request) ?? { name: request.ip, isParty: false, refusal: noSuchOrder() }
  const connections = guardConnections(app.server, MAX_CONNECTIONS)
  const identify = createIdentifier()
  allowBrowsers(app)
  app.addHook('onRequest', async (request) => {
    const order = orderAsked(ready(), request)
    if (!order) return
    const caller = await identify(order, request.headers.authorization, request.ip)
    callers.set(request, caller)
    if (caller.isParty) connections.keep(request.raw.socket)
  })
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, toProblem(error)))
  limitRates(app, callerOf, () => {
    const limited = { preHandler: app.rateLimit() }
    app.setNotFoundHandler(limited, (_request, reply) =>
      sendProblem(reply, notFound('There is no such address.')),
    )
    app.get('/health', () => healthOf(require(ready)))
    addOrderRoutes(app, ready, callerOf)
    addBenchmarkRoute(app, ready)
  })
  return app
}

/** machineId is the first machine's, for whoever knows of one only. */
async function healthOf({ machines, book, version, benchmark }: Ready) {
  const [{ machineId, seller }] = machines
  const states = book.all().map(({ order }) => order.state())
  const orders = states.map(({ orderId }) => orderId)
  const phases = Object.fromEntries(states.map(({ orderId, phase }) => [orderId, phase]))
  const named = machines.map(({ config, machineId: id }) => {
    const { name, hardwareClass, images, vouchedImages, egress } = config
    return { name, machineId: String(id), hardwareClass, images, vouchedImages, egress }
  })
  const about = { machineId: String(machineId), machines: named, seller, version }
  return { ...about, orders, phases, benchmark: await benchmark() }
}

function addBenchmarkRoute(app: FastifyInstance, ready: () => Ready | undefined): void {
  const path = '/benchmarks/:machine/:round'
  app.get<{ Params: { machine: string; round: string } }>(path, (request, reply) => {
    const { machine, round } = request.params
    const bytes = require(ready).evidenceOf(machine, wholeNumber(round))
    if (!bytes) throw notFound('No benchmark of that machine and round is open to auditors.')
    return reply.type('application/json').send(Buffer.from(bytes))
  })
}

function addOrderRoutes(
  app: FastifyInstance,
  ready: () => Ready | undefined,
  callerOf: (request: FastifyRequest) => Caller,
): void {
  const read = (
    path: string,
    answer: (order: OrderContext, request: Asked, reply: FastifyReply) => unknown,
  ) =>
    app.get<Shape>(`/orders/:id${path}`, async (request, reply) => {
      const order = orderOf(require(ready), request.params.id)
      await requireReader(order, callerOf(request))
      return answer(order, request, reply)
    })
  const streams = createSlots(STREAMS)
  const downloads = createSlots(DOWNLOADS)
  const hold = (slots: Slots, request: Asked, reply: FastifyReply) => {
    const release = slots.take(callerOf(request))
    if (!release) throw tooMany()
    reply.raw.on('close', release)
  }
  read('', (order) => describeOrder(order))
  read('/manifest', (order) => listFiles(order))
  read('/events', (order, request, reply) => {
    hold(streams, request, reply)
    reply.hijack()
    streamEvents(order.events, lastEventId(request), reply.raw, request.query.once !== undefined)
  })
  read('/checkpoints/:name', async (order, request, reply) => {
    hold(downloads, request, reply)
    return sendFile(
      reply,
      await openCheckpoint(order, wholeNumber(request.params.name), callerOf(request).isParty),
    )
  })
  read('/result/:name', async (order, request, reply) => {
    hold(downloads, request, reply)
    return sendFile(reply, await openResult(order, request.params.name ?? ''))
  })
  read('/inner/:name', (order, { params }, reply) =>
    reply.type('application/json').send(Buffer.from(readInner(order, wholeNumber(params.name)))),
  )
  read('/progress.jsonl', (order, _request, reply) =>
    reply.type('application/jsonl').send(readProgress(order)),
  )
}

type Params = { id: string; name?: string }
type Query = { once?: string }
type Shape = { Params: Params; Querystring: Query }
type Asked = FastifyRequest<Shape>

function require(ready: () => Ready | undefined): Ready {
  const value = ready()
  if (value) return value
  throw new Problem(503, 'Starting', 'The daemon is still starting.', 'Ask again in a few seconds.')
}

/** The order that a request is about, if there is one. */
function orderAsked(ready: Ready | undefined, { params }: FastifyRequest): OrderContext | undefined {
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined
  return typeof id === 'string' ? ready?.book.get(id)?.order : undefined
}

function orderOf({ book }: Ready, id: string): OrderContext {
  const runner = /^\d{1,78}$/.test(id) ? book.get(id) : undefined
  if (!runner) throw notFound(`Order ${id.slice(0, 78)} is not on this machine.`)
  return runner.order
}

function noSuchOrder(): Problem {
  return notFound('There is no such order on this machine.')
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
  const what = 'As many readers as this machine takes are being served already.'
  return new Problem(503, 'Too many readers', what, 'Try again later, as a party of the order with a grant.')
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
