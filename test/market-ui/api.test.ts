import { Hub } from '@trainyard/market-ui/live/Hub.ts'
import { parseSse, type UpstreamEvent } from '@trainyard/market-ui/relay/parseSse.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './startTestServer.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

describe('API', () => {
  it('default: every answer forbids what is not served here', async () => {
    const { headers } = await fetch(`${server.url}/api/health`)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('default: lists are empty before anything is followed', async () => {
    expect(await (await fetch(`${server.url}/api/machines`)).json()).toEqual({ machines: [] })
    expect(await (await fetch(`${server.url}/api/orders`)).json()).toEqual({ orders: [], total: 0 })
    expect(await (await fetch(`${server.url}/api/orders/7/rounds`)).json()).toEqual({ rounds: [] })
  })

  it('behavior: a list of machines that is the same is not sent again', async () => {
    const first = await fetch(`${server.url}/api/machines`)
    const etag = first.headers.get('etag') ?? ''
    const again = await fetch(`${server.url}/api/machines`, { headers: { 'if-none-match': etag } })
    expect([first.status, again.status, await again.text()]).toEqual([200, 304, ''])
    const other = await fetch(`${server.url}/api/machines`, { headers: { 'if-none-match': 'W/"other"' } })
    expect(await other.json()).toEqual({ machines: [] })
  })

  it('default: describes itself, and every path it describes is there', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, { get: { responses: { 200: { content: Record<string, { schema: object }> } } } }>
    }
    expect(document.openapi).toBe('3.1.0')
    for (const [path, { get }] of Object.entries(document.paths)) {
      const answer = await fetch(server.url + path.replace('{id}', '7'))
      const { title } = (await answer.json()) as { title?: string }
      expect([path, title]).not.toEqual([path, 'Not found'])
      expect(Object.keys(get.responses[200].content['application/json']!.schema).length).toBeGreaterThan(1)
    }
    expect(Object.keys(document.paths)).toContain('/api/orders/{id}/job')
  })

  it('error: numbers that are none are refused, numbers nobody has are not found', async () => {
    const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status
    const bad = [
      '/api/orders/0',
      '/api/orders/-1',
      '/api/orders/1e3',
      '/api/orders/x',
      '/api/orders?limit=0',
      '/api/orders/0/rounds',
      '/api/rounds/x',
      '/api/rounds/0',
      '/api/machines/7/image?image=latest',
      '/api/orders?limit=9999',
    ]
    for (const path of bad) expect([path, await statusOf(path)]).toEqual([path, 400])
    const image = `/api/machines/7/image?image=sha256:${'ab'.repeat(32)}`
    const missing = ['/api/orders/7', '/api/machines/7', '/api/orders/7/events', '/api/rounds/7', image]
    for (const path of [...missing, '/api/nothing']) expect([path, await statusOf(path)]).toEqual([path, 404])
  })

  it('error: a problem says what failed, that no money moved and what to do', async () => {
    const answer = await fetch(`${server.url}/api/orders/7`)
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(await answer.json()).toMatchObject({
      status: 404,
      title: 'No such order',
      moneyMoved: false,
      suggestion: expect.stringMatching(/.+/),
    })
  })

  it('error: where the pages are not built a browser is told so', async () => {
    const answer = await fetch(`${server.url}/orders/1`, { headers: { accept: 'text/html' } })
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ title: 'The pages are not built' }),
    ])
  })
})

describe('Hub', () => {
  it('default: who comes back gets what it missed; from too long ago, nothing can be promised', () => {
    const hub = new Hub()
    const start = hub.lastId
    expect(hub.since(start)).toEqual([])
    for (let id = 0; id < 600; id += 1) hub.publish({ topic: 'order', id: String(id) })
    expect(hub.since(hub.lastId - 2)?.map(({ change }) => change)).toEqual([
      { topic: 'order', id: '598' },
      { topic: 'order', id: '599' },
    ])
    for (const unknown of [start, hub.lastId + 1, Number.NaN, 1]) expect(hub.since(unknown)).toBeUndefined()
  })
})

describe('parseSse', () => {
  const read = async (...parts: string[]): Promise<UpstreamEvent[]> => {
    const events: UpstreamEvent[] = []
    const bytes = (async function* () {
      for (const part of parts) yield Buffer.from(part, 'latin1')
    })()
    for await (const event of parseSse(bytes)) events.push(event)
    return events
  }

  it('default: events however they are cut, with every kind of line end', async () => {
    const text = 'id: 1\nevent: log\ndata: a\ndata: b\n\n: beat\n\nid: 2\r\ndata:c\r\n\r\ndata: lost'
    const whole = [
      { id: '1', event: 'log', data: 'a\nb' },
      { id: '2', event: 'message', data: 'c' },
    ]
    expect(await read(text)).toEqual(whole)
    expect(await read(...text)).toEqual(whole)
  })

  it('behavior: a letter cut in two is put together', async () => {
    expect(await read('data: \xc3', '\xa9\n\n')).toEqual([{ id: '', event: 'message', data: 'é' }])
  })

  it('error: an event without end is refused', async () => {
    await expect(read(`data: ${'x'.repeat(20_000)}`)).rejects.toThrow('too large')
    await expect(read(...Array.from({ length: 30 }, () => `data: ${'x'.repeat(1000)}\n`))).rejects.toThrow(
      'too large',
    )
  })
})
