import { isMetadataAddress, isPublicAddress } from '@trainyard/market-ui/relay/isPublicAddress.ts'
import { OrderFeed } from '@trainyard/market-ui/relay/OrderFeed.ts'
import { signGrant } from '@trainyard/verifier/grant.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getOrder } from './getJson.ts'
import { type OpenSse, openSse } from './readSse.ts'
import { sampleJob, sampleResult } from './sampleJob.ts'
import { type Scene, startScene } from './startScene.ts'
import { type ScriptedDaemon, startScriptedDaemon } from './startScriptedDaemon.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'
import { waitFor } from './waitFor.ts'

let daemon: ScriptedDaemon
let scene: Scene
let open: TestServer
let closed: TestServer
const orderId = 1n

beforeAll(async () => {
  daemon = await startScriptedDaemon()
  scene = await startScene(daemon.url)
  const chain = { rpc: scene.net.rpcUrl, deployment: scene.deploymentPath }
  await scene.place(sampleJob)
  await scene.start(orderId)
  ;[open, closed] = await Promise.all([
    startTestServer({ ...chain, allowPrivateEndpoints: true }),
    startTestServer(chain),
  ])
  for (const { url } of [open, closed])
    await waitFor(
      () => getOrder(url, orderId),
      ({ status }) => status === 'Training',
    )
})
afterAll(async () => {
  await Promise.all([open?.close(), closed?.close()])
  await scene?.stop()
  await daemon?.stop()
})

const read = (server: TestServer, lastEventId?: string) =>
  openSse(`${server.url}/api/orders/${orderId}/events`, lastEventId)
const named = (stream: OpenSse, name: string) => stream.events.filter(({ event }) => event === name)
const seen = (stream: OpenSse, name: string, count: number) =>
  waitFor(
    async () => named(stream, name),
    (events) => events.length >= count,
  )
const feedStates = (stream: OpenSse) =>
  named(stream, 'feed').map(({ data }) => (data as { state: string }).state)

describe('relay', () => {
  it('default: what the daemon says reaches every reader through one connection', async () => {
    const [first, second] = await Promise.all([read(open), read(open)])
    daemon.say('progress', { step: 1, loss: 2.3, samples: 32, lossBits: 123 })
    daemon.say('log', { line: 'hello', stream: 'stdout', at: 1 })
    for (const stream of [first, second]) {
      expect((await seen(stream, 'progress', 1))[0]!.data).toEqual({ step: 1, loss: 2.3, samples: 32 })
      expect((await seen(stream, 'log', 1))[0]!.data).toMatchObject({ line: 'hello' })
    }
    expect(daemon.connections).toHaveLength(1)
    expect(daemon.connections[0]!.path).toBe(`/orders/${orderId}/events`)
    first.close()
    second.close()
  })

  it('behavior: who comes late gets what was said, who comes back only what it missed', async () => {
    const late = await read(open)
    const [line] = await seen(late, 'log', 1)
    expect(late.events[0]).toMatchObject({ event: 'begin', data: { points: [[1, 2.3]] } })
    expect(named(late, 'progress')).toEqual([])
    late.close()
    daemon.say('progress', { step: 2, loss: 2.2, samples: 64 })
    const back = await read(open, line!.id)
    expect((await seen(back, 'progress', 1)).map(({ data }) => (data as { step: number }).step)).toEqual([2])
    expect(named(back, 'begin')).toEqual([])
    back.close()
  })

  it('behavior: a broken connection is made again where it broke', async () => {
    const stream = await read(open)
    await seen(stream, 'begin', 1)
    daemon.drop()
    await waitFor(
      async () => feedStates(stream),
      (states) => states.includes('interrupted'),
    )
    daemon.say('progress', { step: 3, loss: 2.1, samples: 96 })
    await seen(stream, 'progress', 1)
    expect(feedStates(stream).at(-1)).toBe('live')
    expect(daemon.connections.at(-1)!.lastEventId).toBe('3')
    stream.close()
  })

  it('behavior: events that are not of the protocol are dropped', async () => {
    const stream = await read(open)
    daemon.say('progress', { step: 'x', loss: 1, samples: 1 })
    daemon.say('toString', {})
    daemon.say('begin', {})
    daemon.say('log', { line: 'x'.repeat(9000), stream: 'stdout', at: 1 })
    const lines = await seen(stream, 'log', 2)
    expect((lines[1]!.data as { line: string }).line).toHaveLength(4096)
    expect(named(stream, 'begin').map(({ data }) => (data as { points: unknown[] }).points.length)).toEqual([
      3,
    ])
    expect(named(stream, 'progress')).toEqual([])
    stream.close()
  })

  it('error: an address that is not public is refused by default and never asked', async () => {
    const asked = daemon.connections.length
    const stream = await read(closed)
    await waitFor(
      async () => feedStates(stream),
      (states) => states.includes('refused'),
    )
    expect(named(stream, 'feed').at(-1)!.data).toMatchObject({
      message: expect.stringContaining('not on the public internet'),
    })
    expect(daemon.connections).toHaveLength(asked)
    stream.close()
  })

  it('error: an order nobody placed has no feed', async () => {
    const answer = await fetch(`${open.url}/api/orders/99/events`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
  })
})

describe('relay against a hostile endpoint', () => {
  const asked = async (answer: Parameters<ScriptedDaemon['answer']>[0]) => {
    daemon.answer(answer)
    const server = await startTestServer({
      rpc: scene.net.rpcUrl,
      deployment: scene.deploymentPath,
      allowPrivateEndpoints: true,
    })
    try {
      await waitFor(
        () => getOrder(server.url, orderId),
        ({ status }) => status === 'Training',
      )
      const stream = await read(server)
      await waitFor(
        async () => feedStates(stream),
        (states) => states.some((state) => state !== 'connecting' && state !== 'live'),
      )
      stream.close()
      return named(stream, 'feed').map(({ data }) => data as { state: string; message: string })
    } finally {
      await server.close()
      daemon.answer(undefined)
    }
  }

  it('error: a redirect is not followed', async () => {
    const before = daemon.connections.length
    const states = await asked((_request, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    )
    expect(states.at(-1)!.message).toContain('redirects')
    expect(daemon.connections.slice(before).map(({ path }) => path)).not.toContain('/elsewhere')
  })

  it('error: a page instead of a stream is not read', async () => {
    const states = await asked((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    )
    expect(states.at(-1)!.message).toContain('event stream')
  })

  it('error: an event without end is cut off', async () => {
    const states = await asked((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${'x'.repeat(64 * 1024)}`)
    })
    expect(states.at(-1)!.state).toBe('interrupted')
  })

  it('behavior: an order whose job is not fetched yet is not called private', async () => {
    daemon.answer((_request, response) => response.writeHead(401).end())
    const target = async () => ({ endpoint: daemon.url, phase: 'preparing' as const })
    const feed = new OrderFeed({ orderId: 7, target, allowPrivate: true })
    try {
      const { message } = await waitFor(
        async () => feed.status,
        ({ state }) => state === 'interrupted',
      )
      expect(message).toBe('The machine tells nothing of it before it has fetched the job. Trying again.')
    } finally {
      feed.stop()
      daemon.answer(undefined)
    }
  })

  it('error: a private order says so and is not asked again', async () => {
    const states = await asked((_request, response) => response.writeHead(401).end())
    expect(states.at(-1)).toMatchObject({ state: 'refused', message: expect.stringContaining('private') })
  })
})

describe('relay with a grant', () => {
  const url = () => `${open.url}/api/orders/${orderId}/events`
  const grantFor = (changes: { orderId?: bigint; audience?: string; lifetimeSeconds?: number } = {}) =>
    signGrant(scene.buyer.wallet, {
      ...scene.net.deployment,
      audience: scene.seller.address,
      orderId,
      ...changes,
    })

  it('default: what a grant opens comes through a connection of its own, for its reader alone, until it ends', async () => {
    daemon.answer((request, response) => {
      if (!request.headers.authorization) return void response.writeHead(401).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: log\ndata: {"line":"a secret","stream":"stdout","at":1}\n\n')
    })
    const header = await grantFor({ lifetimeSeconds: 3 })
    const [own, others] = [await openSse(url(), undefined, header), await read(open)]
    const lines = (stream: OpenSse) => named(stream, 'log').map(({ data }) => (data as { line: string }).line)
    await waitFor(
      async () => lines(own),
      (found) => found.includes('a secret'),
    )
    expect(daemon.connections.at(-1)!.authorization ?? header).toBe(header)
    expect(lines(others)).not.toContain('a secret')
    await waitFor(
      async () => own.isOver(),
      (isOver) => isOver,
    )
    const late = await openSse(url(), undefined, header)
    await waitFor(
      async () => late.isOver(),
      (isOver) => isOver,
    )
    daemon.answer(undefined)
    others.close()
  })

  it('error: a grant that is forged, for another order or another seller is refused here', async () => {
    const { account, ...rest } = grantBody(await grantFor())
    const forged = `Grant ${Buffer.from(JSON.stringify({ ...rest, account: scene.seller.address })).toString('base64url')}`
    const others = [
      forged,
      await grantFor({ orderId: 9n }),
      await grantFor({ audience: account }),
      'Bearer x',
    ]
    const before = daemon.connections.length
    for (const header of others) expect((await openSse(url(), undefined, header)).status).toBe(401)
    expect(daemon.connections.slice(before).filter(({ authorization }) => authorization)).toEqual([])
  })
})

const grantBody = (header: string) =>
  JSON.parse(Buffer.from(header.slice('Grant '.length), 'base64url').toString()) as Record<string, string> & {
    account: string
  }

describe('relay after settlement', () => {
  it('behavior: the steps that the live feed left out are fetched once the order is settled', async () => {
    const stream = await read(open)
    daemon.answer((request, response) => {
      if (!request.url?.endsWith('/progress.jsonl')) return void response.writeHead(404).end()
      const lines = [1, 2, 3, 4, 5].map((step) =>
        JSON.stringify({ step, loss: 3 / step, samples: 32 * step }),
      )
      response.end(`${lines.join('\n')}\nnot json\n`)
    })
    await scene.commit(orderId, [0, 1, 2, 3, 4, 5, 6, 7])
    await scene.complete(orderId, sampleResult.cid)
    await scene.audit(orderId, () => 'pass')
    await scene.settle(orderId)
    const points = await waitFor(
      async () => named(stream, 'progress').map(({ data }) => data as { step: number; loss: number }),
      (found) => found.some(({ step }) => step === 5),
    )
    expect(points.at(-1)).toEqual({ step: 5, loss: 0.6, samples: 160 })
    daemon.answer(undefined)
    stream.close()
  })
})

describe('isPublicAddress', () => {
  it('default: loopback, private, shared, link-local, documentation and mapped addresses are not public', () => {
    const notPublic =
      '127.0.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 169.254.169.254 0.0.0.0 224.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 fd00:ec2::254 ::ffff:127.0.0.1 ::ffff:8.8.8.8 2001:db8::1 2002:7f00:1::1 64:ff9b::7f00:1 localhost'
    expect(notPublic.split(' ').filter(isPublicAddress)).toEqual([])
    const isPublic = '8.8.8.8 172.32.0.1 100.128.0.1 2606:4700::1111'
    expect(isPublic.split(' ').filter(isPublicAddress)).toEqual(isPublic.split(' '))
  })

  it('behavior: addresses that serve credentials are known in their spellings', () => {
    const metadata =
      '169.254.169.254 100.100.100.200 192.0.0.192 fe80::1 fd00:ec2::254 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 64:ff9b::a9fe:a9fe 64:ff9b::100.100.100.200 2002:a9fe:a9fe::1'
    expect(metadata.split(' ').filter(isMetadataAddress)).toEqual(metadata.split(' '))
    expect(['127.0.0.1', '::1', '10.0.0.1'].filter(isMetadataAddress)).toEqual([])
  })
})
