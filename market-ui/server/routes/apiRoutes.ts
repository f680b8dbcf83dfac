import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ChainKind } from '@trainyard/contracts/chainKinds.ts'
import { jobSchemaOf } from '@trainyard/verifier/rental.ts'
import { getAddress, isAddress } from 'ethers'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type Auditors, auditorSchema, auditorsSchema } from '../api/accountSchemas.ts'
import type { MarketReader } from '../api/MarketReader.ts'
import type { Machine } from '../api/machineSchemas.ts'
import { machineDetailSchema, machinesSchema, scoreSchema } from '../api/machineSchemas.ts'
import { openApi } from '../api/openApi.ts'
import { readAuditor } from '../api/readAuditor.ts'
import { readAuditors } from '../api/readAuditors.ts'
import { readChain } from '../api/readChain.ts'
import { readMachineScore } from '../api/readMachineScore.ts'
import type { Health, Template } from '../api/schemas.ts'
import {
  activitySchema,
  chainSchema,
  disputeSchema,
  disputesSchema,
  healthSchema,
  orderSchema,
  ordersSchema,
  templatesSchema,
} from '../api/schemas.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import { HttpProblem } from '../errors.ts'
import type { Follower } from '../follower/Follower.ts'
import { limitRate } from './limitRate.ts'

const MAX_LISTED = 200
const MAX_ACTIVITY = 100
/** An open page asks a few times a second while its order trains. */
const REQUESTS_PER_MINUTE = 6_000
const numericId = z.string().regex(/^[1-9]\d{0,14}$/)
const account = z
  .string()
  .refine(isAddress, 'must be an address')
  .transform((text) => getAddress(text))
const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(50),
  before: numericId.optional(),
  account: account.optional(),
  seller: account.optional(),
  machineId: numericId.optional(),
})

type ById = { Params: { id: string } }
type Parts = {
  reader: MarketReader
  rows: ChainRows
  follower: Follower
  templates: readonly Template[]
  chain: ChainKind
  rpc: string
  /** Path of the deployment's record. */
  deployment: string
}

/** The read API over what the follower knows. Every answer passes its schema before it leaves. */
export const apiRoutes =
  ({ reader, rows, follower, templates, chain, rpc, deployment }: Parts) =>
  async (app: FastifyInstance) => {
    await limitRate(app, REQUESTS_PER_MINUTE, 'requests')
    app.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })

    app.get('/api/health', async () => healthSchema.parse(await health(rows, follower, chain, rpc)))

    const machinesText = once((machines: readonly Machine[]) =>
      JSON.stringify(machinesSchema.parse({ machines })),
    )
    app.get('/api/machines', async (request, reply) => {
      const { text, etag, gzip } = machinesText(await reader.machines())
      reply.type('application/json; charset=utf-8').header('vary', 'accept-encoding')
      // Kept by the browser and asked after each time: a list that is the same is not sent again.
      reply.header('cache-control', 'private, no-cache').header('etag', etag)
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(text)
      return reply.header('content-encoding', 'gzip').send(await gzip())
    })

    app.get<ById>('/api/machines/:id', async (request) => {
      const machine = await reader.machine(parseId(request.params.id))
      if (machine === undefined) throw notKnown('machine', request.params.id)
      return machineDetailSchema.parse(machine)
    })

    app.get<ById>('/api/machines/:id/score', async (request) => {
      const machineId = parseId(request.params.id)
      const machine = await reader.machine(machineId)
      const score = machine && (await readMachineScore(follower.runner, deployment, machineId))
      if (score === undefined) throw notKnown('score of machine', request.params.id)
      return scoreSchema.parse(score)
    })

    app.get('/api/orders', async (request) => {
      const page = pageSchema.safeParse(request.query)
      if (!page.success) throw badQuery(z.prettifyError(page.error))
      const { limit, before, ...filter } = page.data
      return ordersSchema.parse(
        await reader.orders(limit, filter, before === undefined ? undefined : Number(before)),
      )
    })

    app.get<ById>('/api/orders/:id', async (request) => {
      const order = await reader.order(parseId(request.params.id))
      if (order === undefined) throw notKnown('order', request.params.id)
      return orderSchema.parse(order)
    })

    app.get<ById>('/api/orders/:id/job', async (request) => {
      const job = await reader.job(parseId(request.params.id))
      if (job === undefined) throw notKnown('order', request.params.id)
      if (job === null) throw notKnown('job in this store of order', request.params.id)
      return jobSchemaOf(job).parse(job)
    })

    app.get('/api/disputes', async () => disputesSchema.parse(await reader.openDisputes()))

    app.get<ById>('/api/disputes/:id', async (request) => {
      const dispute = await reader.dispute(parseId(request.params.id))
      if (dispute === undefined) throw notKnown('dispute', request.params.id)
      return disputeSchema.parse(dispute)
    })

    let auditors: { readonly revision: number; readonly answer: Promise<Auditors> } | undefined
    app.get('/api/auditors', async () => {
      const { revision } = rows
      if (auditors?.revision !== revision) auditors = { revision, answer: readAuditors(rows) }
      return auditorsSchema.parse(await auditors.answer)
    })

    app.get<{ Params: { account: string } }>('/api/auditors/:account', async (request) => {
      const parsed = account.safeParse(request.params.account)
      if (!parsed.success) throw badQuery('It does not name an account.')
      return auditorSchema.parse(await readAuditor(rows, parsed.data))
    })

    app.get('/api/activity', async () => activitySchema.parse(await reader.activity(MAX_ACTIVITY)))

    app.get('/api/templates', async () => templatesSchema.parse({ templates }))

    const document = openApi()
    app.get('/api/openapi.json', async () => document)

    app.get('/api/chain', async () => {
      const chain = await readChain(rows, deployment)
      if (chain === undefined) throw noChain()
      return chainSchema.parse(chain)
    })
  }

type Written<T> = {
  readonly list: readonly T[]
  readonly text: string
  readonly etag: string
  readonly gzip: () => Promise<Buffer>
}

/** Writes a list once for all readers: ten thousand machines are megabytes. The reader hands out the same list until it changes. */
const once = <T>(write: (list: readonly T[]) => string) => {
  let last: Written<T> | undefined
  return (list: readonly T[]) => {
    if (last?.list === list) return last
    const text = write(list)
    let zipped: Promise<Buffer> | undefined
    const etag = `W/"${createHash('sha256').update(text).digest('base64url')}"`
    last = { list, text, etag, gzip: () => (zipped ??= promisify(gzip)(text)) }
    return last
  }
}

/** Reads an order's, machine's or dispute's number from a path. Throws HttpProblem 400. */
export const parseId = (untrustedId: string): number => {
  const parsed = numericId.safeParse(untrustedId)
  if (!parsed.success) throw badQuery(`"${untrustedId.slice(0, 40)}" is not a number from 1.`)
  return Number(parsed.data)
}

/** The problem for an order, machine or dispute the chain does not have. */
export const notKnown = (what: string, id: string) =>
  new HttpProblem(
    404,
    `No such ${what}`,
    `The chain has no ${what} ${id}, as far as it was followed.`,
    'Look for it in the lists on the market page.',
  )

const noChain = () =>
  new HttpProblem(
    503,
    'The market is not followed yet',
    'The contracts of this market could not be read from the chain so far.',
    'Try again in a moment; if this stays, restart with npm start.',
  )

const badQuery = (detail: string) =>
  new HttpProblem(400, 'The request cannot be read', detail, 'Correct the address and try again.')

const health = async (rows: ChainRows, follower: Follower, kind: ChainKind, rpc: string): Promise<Health> => {
  const { phase, head, answeredAtMs } = follower.state
  const followed = await rows.cursor()
  const chain = await rows.chain()
  const isKnown = phase !== 'unreachable' && head !== undefined && followed !== undefined
  return {
    chain: kind,
    chainId: chain?.chainId ?? null,
    genesisHash: chain?.genesisHash ?? null,
    head: followed?.number ?? null,
    headAt: followed?.at ?? null,
    behind: isKnown ? Math.max(0, head.number - followed.number) : null,
    phase,
    rpc: originOf(rpc),
    answeredAtMs: answeredAtMs ?? null,
  }
}

/** A path may carry a provider's key. */
const originOf = (rpc: string): string => {
  const { protocol, host } = new URL(rpc)
  return `${protocol}//${host}`
}
