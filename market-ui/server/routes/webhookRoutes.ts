import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { addedWebhookSchema, webhooksSchema } from '../api/accountSchemas.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import { HttpProblem } from '../errors.ts'
import { readDeployment } from '../follower/readDeployment.ts'
import type { WebhookSender } from '../webhooks/WebhookSender.ts'
import type { Webhook, WebhookStore } from '../webhooks/WebhookStore.ts'
import { accountOfGrant } from '../webhooks/webhookGrant.ts'
import { limitRate } from './limitRate.ts'

const PER_MINUTE = 600
const MAX_PER_ACCOUNT = 5
const MAX_IN_ALL = 2_000
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

type Parts = {
  readonly store: WebhookStore
  readonly sender: WebhookSender
  readonly rows: ChainRows
  readonly deploymentPath: string
  /** As configured: what a grant must name. */
  readonly origin: string | undefined
  /** Plain http is for receivers on the devnet's own machine. */
  readonly allowPrivate: boolean
}

/**
 * `GET`, `POST /api/webhooks` and `DELETE /api/webhooks/:id`, each with the account's own grant in the authorization
 * header, which a browser adds to no request by itself. A secret is shown once, when it is made.
 */
export const webhookRoutes = (parts: Parts) => async (app: FastifyInstance) => {
  const { store, sender, rows } = parts
  await limitRate(app, PER_MINUTE, 'requests about webhooks')
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  app.get('/api/webhooks', async (request) => {
    const account = await authorised(parts, request)
    return webhooksSchema.parse({ webhooks: store.list(account).map(shown) })
  })

  const bodySchema = z.strictObject({ url: urlSchema(parts.allowPrivate) })
  app.post('/api/webhooks', async (request, reply) => {
    const account = await authorised(parts, request)
    const body = bodySchema.safeParse(request.body)
    if (!body.success) throw badUrl(z.prettifyError(body.error))
    if (store.list(account).length >= MAX_PER_ACCOUNT || store.list().length >= MAX_IN_ALL) throw tooMany()
    const { url } = body.data
    const fromBlock = ((await rows.cursor())?.number ?? -1) + 1
    const made = store.add({ account, url, createdAt: Math.floor(Date.now() / 1000), fromBlock })
    sender.wakeAll()
    return reply.code(201).send(addedWebhookSchema.parse({ ...shown(made), secret: made.secret }))
  })

  app.delete<{ Params: { id: string } }>('/api/webhooks/:id', async (request, reply) => {
    const account = await authorised(parts, request)
    if (!store.remove(account, request.params.id)) throw notYours()
    return reply.code(204).send()
  })
}

const urlSchema = (allowPrivate: boolean) =>
  z
    .url({ protocol: allowPrivate ? /^https?$/ : /^https$/ })
    .max(300)
    .refine(hasNoPassword, 'must not hold a password')

const hasNoPassword = (text: string): boolean => {
  if (!URL.canParse(text)) return true // said as no address already
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

const shown = ({ id, url, createdAt, failures, lastTriedAt, lastProblem }: Webhook) => ({
  id,
  url,
  createdAt,
  failures,
  lastTriedAt,
  lastProblem,
})

/** A name that somebody sends along says nothing: it is the configured one, or that of this machine. */
const isOwn = (origin: string | undefined, server: string): boolean =>
  origin === undefined ? LOOPBACK.test(server) : server === new URL(origin).host

const authorised = async ({ deploymentPath, origin }: Parts, request: FastifyRequest): Promise<string> => {
  const deployment = await readDeployment(deploymentPath)
  const now = Math.floor(Date.now() / 1000)
  const account =
    deployment &&
    accountOfGrant(deployment, (server) => isOwn(origin, server), request.headers.authorization, now)
  if (account === undefined) throw noGrant()
  return account
}

const noGrant = () =>
  new HttpProblem(
    401,
    'Not signed by the account',
    'Webhooks are seen and changed only with a fresh signature of their account.',
    'Sign again in the settings.',
  )
const badUrl = (detail: string) =>
  new HttpProblem(400, 'Not an address to call', detail, 'Give an https address of at most 300 characters.')
const tooMany = () =>
  new HttpProblem(409, 'Too many webhooks', 'An account may have five.', 'Remove one first.')
const notYours = () =>
  new HttpProblem(404, 'No such webhook', 'This account has no such webhook.', 'Look at the list again.')
