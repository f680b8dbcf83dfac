import { appendFile, writeFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseEventStream, type StreamEvent } from '../../../client/src/buyer/parseEventStream.ts'
import { readStatus } from '../../../client/src/cli/readStatus.ts'
import { readConfig } from '../../../client/src/config/readConfig.ts'
import { type Daemon, startDaemon } from '../../../client/src/daemon.ts'
import { orderTinyJob, statusIs } from '../rig/orders.ts'
import { passAudit } from '../rig/passAudit.ts'
import { type Rig, startRig } from '../rig/startRig.ts'
import { until } from '../rig/until.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 }) // a chain and processes on a busy machine

let rig: Rig
let daemon: Daemon
let orderId: bigint
let seller: string
let dataDir: string
beforeAll(async () => {
  rig = await startRig()
  const made = await rig.seller('private')
  seller = made.address
  const config = await readConfig(made.config)
  dataDir = config.dataDir
  daemon = await startDaemon(config, { logger: pino({ level: 'silent' }) })
  orderId = await orderTinyJob(rig, daemon.machineId, { access: 'private' })
  await statusIs(rig, orderId, 'Auditing')
})
afterAll(async () => {
  await daemon?.stop()
  await rig?.stop()
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${daemon.url}${path}`, { headers })
const grantOf = async (index: number, changes: Partial<Parameters<typeof signGrant>[1]> = {}) => {
  const { wallet } = await rig.devnet.account(index)
  const authorization = await signGrant(wallet, {
    ...rig.devnet.deployment,
    audience: seller,
    orderId,
    ...changes,
  })
  return { authorization }
}

test('default: health tells the machine and its orders to anybody', async () => {
  expect(await (await get('/health')).json()).toEqual({
    machineId: String(daemon.machineId),
    machines: [
      {
        name: '',
        machineId: String(daemon.machineId),
        hardwareClass: 'canonical',
        images: [],
        vouchedImages: [],
        egress: 'any',
      },
    ],
    seller,
    version: '0.1.0',
    orders: [String(orderId)],
    phases: { [String(orderId)]: expect.any(String) },
    benchmark: null,
  })
})

test('behavior: health tells the newest benchmark, without what the seller measured it with', async () => {
  const figure = { id: 'disk', unit: 'MB/s', median: 2, lowest: 1, highest: 3, runs: 3 }
  const record = { measuredAt: '2026-11-30T12:00:00.000Z', figures: [figure] }
  const said = { ...record, machine: { secret: true }, figures: [{ ...figure, what: 'in /home/me' }] }
  const file = join(dataDir, 'benchmarks.jsonl')
  const told = async () => ((await (await get('/health')).json()) as { benchmark: unknown }).benchmark
  await writeFile(file, `${JSON.stringify({ ...said, measuredAt: '2026-11-29T12:00:00.000Z' })}\n`)
  await appendFile(file, `${JSON.stringify(said)}\n`)
  expect(await told()).toEqual(record)
  await appendFile(file, '{"measuredAt": "2026-')
  expect(await told()).toBeNull()
})

test('behavior: status says the phase of an order that is not told to everybody', async () => {
  const { orders } = await readStatus(daemon.url)
  expect(orders).toEqual([{ orderId: String(orderId), phase: expect.stringMatching(/^[a-z]+$/i) }])
})

test('error: a private order is not told without a grant', async () => {
  for (const path of ['', '/events', '/checkpoints/0', '/result/metrics.json', '/manifest']) {
    const response = await get(`/orders/${orderId}${path}`)
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(await response.json()).toMatchObject({ status: 401, moneyMoved: false, title: 'Grant refused' })
  }
})

test('error: grants for somebody else, another order or another seller', async () => {
  expect((await get(`/orders/${orderId}`, await grantOf(5))).status).toBe(403)
  expect((await get(`/orders/${orderId}`, await grantOf(0, { orderId: orderId + 1n }))).status).toBe(401)
  const audience = `0x${'12'.repeat(20)}`
  expect((await get(`/orders/${orderId}`, await grantOf(0, { audience }))).status).toBe(401)
  expect((await get(`/orders/${orderId}`, { authorization: 'Grant bm9wZQ' })).status).toBe(401)
})

test('default: the buyer and the drawn auditor may read', async () => {
  const response = await get(`/orders/${orderId}`, await grantOf(0))
  expect(await response.json()).toMatchObject({ orderId: String(orderId), steps: 240, driver: 'process' })
  const auditor = await grantOf(1)
  const checkpoint = await until(async () => {
    const answer = await get(`/orders/${orderId}/checkpoints/48`, auditor)
    return answer.status === 200 ? answer : undefined
  })
  expect(Number(checkpoint.headers.get('content-length'))).toBe((await checkpoint.arrayBuffer()).byteLength)
})

test('error: what is not there, and what is no number', async () => {
  const grant = await grantOf(0)
  expect((await get('/orders/999', grant)).status).toBe(404)
  expect((await get(`/orders/${orderId}/checkpoints/7`, grant)).status).toBe(404)
  expect((await get(`/orders/${orderId}/checkpoints/..%2f..%2fspec.json`, grant)).status).toBe(400)
  expect((await get(`/orders/${orderId}/result/..%2fspec.json`, grant)).status).toBe(404)
  expect((await get('/nothing')).status).toBe(404)
})

test('behavior: loss and gradient bits stay secret until the order is settled', {
  timeout: 60_000,
}, async () => {
  const grant = await grantOf(0)
  for (const path of ['/inner/0', '/progress.jsonl']) {
    expect((await get(`/orders/${orderId}${path}`, grant)).status).toBe(403)
  }
  const told = await collect(grant, 10)
  for (const event of told) expect(event.data).not.toContain('Bits')
  await passAudit(rig, orderId)
  await statusIs(rig, orderId, 'Completed')
  const inner = await until(async () => {
    const answer = await get(`/orders/${orderId}/inner/0`, grant)
    return answer.status === 200 ? answer : undefined
  })
  expect(((await inner.json()) as { steps: unknown[] }).steps).toHaveLength(16)
  const lines = await (await get(`/orders/${orderId}/progress.jsonl`, grant)).text()
  expect(lines.trimEnd().split('\n')).toHaveLength(240)
  const manifest = await (await get(`/orders/${orderId}/manifest`, grant)).json()
  expect(manifest).toMatchObject({ inner: 15, progress: true, result: ['model.safetensors', 'metrics.json'] })
})

test('behavior: a stream resumes after the last id that was seen', async () => {
  const grant = await grantOf(0)
  const all = await collect(grant, 10)
  const third = all[2]!
  const rest = await collect({ ...grant, 'last-event-id': third.id }, 7)
  expect(rest).toEqual(all.slice(3))
})

/** The first events of the order's stream. */
async function collect(headers: Record<string, string>, count: number): Promise<StreamEvent[]> {
  const stop = new AbortController()
  const response = await fetch(`${daemon.url}/orders/${orderId}/events`, { headers, signal: stop.signal })
  const events: StreamEvent[] = []
  for await (const event of parseEventStream(response.body!)) {
    events.push(event)
    if (events.length === count) break
  }
  stop.abort()
  return events
}

/** From an address of loopback, so that callers can be told apart. */
function ask(path: string, localAddress: string, headers: Record<string, string> = {}) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(`${daemon.url}${path}`, { localAddress, headers, agent: false }, resolve)
    asked.on('error', reject).end()
  })
}

test('behavior: strangers who fill every stream of a public order leave room for its buyer', {
  timeout: 60_000,
}, async () => {
  orderId = await orderTinyJob(rig, daemon.machineId)
  const events = () => `/orders/${orderId}/events`
  await until(async () => ((await get(`/orders/${orderId}`)).status === 200 ? true : undefined))
  const strangers: IncomingMessage[] = []
  for (let i = 0; i < 80; i++) strangers.push(await ask(events(), `127.0.1.${1 + (i % 8)}`))
  const codes = strangers.map(({ statusCode }) => statusCode)
  expect(codes.filter((code) => code === 200)).toHaveLength(40)
  expect(codes.filter((code) => code === 503)).toHaveLength(40)
  const buyer = await ask(events(), '127.0.1.1', await grantOf(0))
  expect(buyer.statusCode).toBe(200)
  for (const response of [...strangers, buyer]) response.destroy()
})

test('behavior: an address that asks too fast is told to wait, a party behind it is not', {
  timeout: 60_000,
}, async () => {
  const flood = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const codes = []
      for (let i = 0; i < 220; i++) {
        const response = await ask(`/orders/${orderId}`, '127.0.2.1')
        response.resume()
        codes.push(response.statusCode)
      }
      return codes
    }),
  )
  const codes = flood.flat()
  expect(codes.filter((code) => code === 200)).toHaveLength(1_200)
  expect(codes.filter((code) => code === 429)).toHaveLength(120)
  const refused = await ask('/nothing', '127.0.2.1')
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await ask(`/orders/${orderId}`, '127.0.2.1', await grantOf(0))).statusCode).toBe(200)
  expect((await ask('/health', '127.0.2.2')).statusCode).toBe(200)
})

test('error: a body that nobody asked for is refused', async () => {
  const response = await fetch(`${daemon.url}/health`, { method: 'POST', body: 'x'.repeat(2_000) })
  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(response.status).toBeLessThan(500)
})
