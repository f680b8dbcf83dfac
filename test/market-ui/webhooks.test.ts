import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { AddedWebhook, Notice, Notices, Webhooks } from '@trainyard/market-ui/api/accountSchemas.ts'
import { webhookGrantData } from '@trainyard/market-ui/webhooks/webhookGrant.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getOrder } from './getJson.ts'
import { putBlocks, sampleJob } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

const FAR_SECONDS = 3_000

type Call = { readonly headers: IncomingMessage['headers']; readonly body: string; readonly notice: Notice }

let scene: Scene
let server: TestServer
let receiver: Server
let dataDir: string
const calls: Call[] = []
/** Statuses of the next answers; then 204. */
const answers: number[] = []

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const body = await text(request)
    calls.push({ headers: request.headers, body, notice: (JSON.parse(body) as { notice: Notice }).notice })
    response.writeHead(answers.shift() ?? 204, { location: 'http://127.0.0.1:1/' }).end()
  }).listen(0, '127.0.0.1')
  scene = await startScene('http://127.0.0.1:9')
  dataDir = await mkdtemp(join(tmpdir(), 'trainyard-webhooks-'))
  await start(true)
  await putBlocks(server.url, [sampleJob.bytes])
})
afterAll(async () => {
  await server?.close()
  receiver?.close()
  await scene?.stop()
  if (dataDir) await rm(dataDir, { recursive: true, force: true })
})

/** On the same data, at another address each time. */
const start = async (allowPrivateEndpoints: boolean): Promise<void> => {
  const { net, deploymentPath } = scene
  server = await startTestServer({
    rpc: net.rpcUrl,
    deployment: deploymentPath,
    dataDir,
    allowPrivateEndpoints,
  })
}

const receiverUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
const nowSeconds = () => Math.floor(Date.now() / 1000)

type Changes = { account?: string; server?: string; expiresAt?: number; signer?: Scene['buyer'] }

const grantOf = async (changes: Changes = {}): Promise<string> => {
  const { signer = scene.buyer, ...said } = changes
  const grant = {
    account: scene.buyer.address,
    server: new URL(server.url).host,
    expiresAt: nowSeconds() + FAR_SECONDS,
    ...said,
  }
  const { domain, types, value } = webhookGrantData(scene.net.deployment, grant)
  const signature = await signer.wallet.signTypedData(domain, types, value)
  return `Grant ${Buffer.from(JSON.stringify({ ...grant, signature })).toString('base64url')}`
}

const ask = (path: string, authorization: string, init: RequestInit = {}) =>
  fetch(`${server.url}/api/webhooks${path}`, { ...init, headers: { authorization, ...init.headers } })

const add = (url: string, authorization: string) =>
  ask('', authorization, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  })

const list = async (): Promise<Webhooks['webhooks']> =>
  ((await (await ask('', await grantOf())).json()) as Webhooks).webhooks

const callsAre = (count: number) =>
  waitFor(
    async () => calls.length,
    (length) => length >= count,
  )

describe('webhooks', () => {
  it('error: nobody sees or changes them without a fresh signature of the account for this server', async () => {
    const url = receiverUrl()
    for (const [what, grant] of [
      ['none', ''],
      ['not a grant', 'Grant e30'],
      ['another key', await grantOf({ signer: scene.seller })],
      ['over', await grantOf({ expiresAt: nowSeconds() - 1 })],
      ['too long', await grantOf({ expiresAt: nowSeconds() + 90_000 })],
      ['another server', await grantOf({ server: 'evil.example' })],
    ] as const) {
      expect([what, (await add(url, grant)).status]).toEqual([what, 401])
      expect([what, (await ask('', grant)).status]).toEqual([what, 401])
    }
    expect(await list()).toEqual([])
  })

  it('error: a form of another site changes nothing, whatever it sends', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await fetch(`${server.url}/api/webhooks`, {
        method: 'POST',
        headers: { 'content-type': type, origin: 'https://evil.example' },
        body: JSON.stringify({ url: receiverUrl() }),
      })
      expect([type, [401, 415].includes(answer.status)]).toEqual([type, true])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('error: what is no address to call is refused', async () => {
    const grant = await grantOf()
    for (const url of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'gopher://127.0.0.1/',
      'http://user:secret@example.com/',
      `https://example.com/${'x'.repeat(300)}`,
      'nonsense',
    ])
      expect([url, (await add(url, grant)).status]).toEqual([url, 400])
  })

  it('default: what happens to the account is told, signed, again until it is taken, and then not again', async () => {
    const made = await add(receiverUrl(), await grantOf())
    expect(made.status).toBe(201)
    const { secret } = (await made.json()) as AddedWebhook
    answers.push(500, 302)
    const orderId = await scene.place(sampleJob) // the buyer's own doing: no news to it
    await scene.start(orderId)
    await callsAre(3)
    const told = calls.splice(0)
    expect(new Set(told.map(({ notice }) => notice.id)).size).toBe(1)
    const { headers, body, notice } = told[2]!
    expect(notice).toMatchObject({ key: 'buyer:order_started', text: 'Order #1 trains now.', orderId: '1' })
    expect(headers['trainyard-event-id']).toBe(notice.id)
    const [, at, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['trainyard-signature'])) ?? []
    expect(mac).toBe(createHmac('sha256', secret).update(`${at}.${body}`).digest('hex'))
    await waitFor(list, ([webhook]) => webhook?.failures === 0)
    expect(JSON.stringify(await list())).not.toContain(secret)

    await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
    await scene.complete(orderId, '')
    await callsAre(1)
    expect(calls.map(({ notice: { key } }) => key)).toEqual(['buyer:order_ended'])
  })

  it('behavior: a server that starts again tells what it missed, and nothing twice', async () => {
    await server.close()
    calls.length = 0
    await scene.audit(1n, () => 'pass')
    await scene.settle(1n)
    await start(true)
    await waitFor(
      () => getOrder(server.url, 1),
      ({ settledAt }) => settledAt > 0,
    )
    await callsAre(1)
    expect(calls.map(({ notice: { key } }) => key)).toEqual(['buyer:order_settled'])
  })

  it('error: inner addresses are not called where they are not allowed', async () => {
    await server.close()
    calls.length = 0
    await start(false)
    expect((await add(receiverUrl(), await grantOf())).status).toBe(400) // plain http
    await scene.start(await scene.place(sampleJob))
    const [webhook] = await waitFor(list, ([first]) => (first?.failures ?? 0) > 0)
    expect(webhook?.lastProblem).toBe('The address is not on the public internet.')
    expect(calls).toEqual([])
    expect((await ask(`/${webhook!.id}`, await grantOf(), { method: 'DELETE' })).status).toBe(204)
    expect(await list()).toEqual([])
  })
})

describe('GET /api/inbox', () => {
  const inbox = async (account: string): Promise<Notice[]> =>
    ((await (await fetch(`${server.url}/api/inbox?account=${account}`)).json()) as Notices).notices

  it('default: each part in an order has its own news, newest first', async () => {
    const keysOf = async (account: string) => (await inbox(account)).map(({ key }) => key)
    expect(await keysOf(scene.buyer.address.toLowerCase())).toEqual([
      'buyer:order_started',
      'buyer:order_settled',
      'buyer:order_ended',
      'buyer:order_started',
    ])
    expect(await keysOf(scene.seller.address)).toEqual([
      'seller:order_placed',
      'seller:order_settled',
      'seller:order_placed',
    ])
    expect(await keysOf(scene.auditors[0]!.address)).toEqual(['auditor:drawn'])
    expect(await keysOf((await scene.net.account(7)).address)).toEqual([])
  })

  it('error: an account is needed', async () => {
    for (const query of ['', '?account=0x12', "?account=' OR 1=1 --"])
      expect((await fetch(`${server.url}/api/inbox${query}`)).status).toBe(400)
  })
})
