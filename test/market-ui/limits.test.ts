import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FeedBuffer } from '@trainyard/market-ui/relay/FeedBuffer.ts'
import { requestEndpoint } from '@trainyard/market-ui/relay/requestEndpoint.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { startTestServer, type TestServer } from './startTestServer.ts'

let net: Devnet
let server: TestServer
beforeAll(async () => {
  net = await startDevnet()
  server = await startTestServer({ rpc: net.rpcUrl })
})
afterAll(async () => {
  await server?.close()
  await net?.stop()
})

const account = `0x${'ab'.repeat(20)}`
const coin = (body: unknown, base = server.url) =>
  fetch(`${base}/api/devnet/coin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('POST /api/devnet/coin', () => {
  it('default: gives an account coin on a local chain, and not twice', async () => {
    expect((await coin({ account })).status).toBe(200)
    expect(await net.provider.getBalance(account)).toBe(10n ** 19n)
    await net.provider.send('anvil_setBalance', [account, '0x8ac7230489e80001'])
    await coin({ account })
    expect(await net.provider.getBalance(account)).toBe(10n ** 19n + 1n)
  })

  it('error: nothing but an account is taken, and no other chain is asked for coin', async () => {
    expect((await coin({ account: 'me' })).status).toBe(400)
    // What a form of another site can send without being asked first.
    const form = {
      method: 'POST',
      body: JSON.stringify({ account }),
      headers: { 'content-type': 'text/plain' },
    }
    expect((await fetch(`${server.url}/api/devnet/coin`, form)).status).toBe(400)
    const asked: string[] = []
    const other = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      asked.push((JSON.parse(Buffer.concat(parts).toString()) as { method: string }).method)
      response.setHeader('content-type', 'application/json')
      response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const mainnet = await startTestServer({
      rpc: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    })
    expect((await coin({ account }, mainnet.url)).status).toBe(403)
    expect(asked).not.toContain('anvil_setBalance')
    await mainnet.close()
    other.close()
  })

  it('error: who asks too often is told when to come back', async () => {
    let answer = await coin({ account })
    for (let asked = 0; asked < 40 && answer.status !== 429; asked += 1) answer = await coin({ account })
    expect([answer.status, await answer.json()]).toMatchObject([429, { moneyMoved: false }])
  })
})

describe('streams', () => {
  it('error: one address cannot take all, and gets its places back', async () => {
    const open = async () => {
      const stop = new AbortController()
      const response = await fetch(`${server.url}/api/stream`, { signal: stop.signal })
      return { status: response.status, stop }
    }
    const opened = []
    for (let index = 0; index < 33; index += 1) opened.push(await open())
    expect(opened.map(({ status }) => status)).toEqual([...Array.from({ length: 32 }, () => 200), 503])
    for (const { stop } of opened) stop.abort()
    let again = await open()
    for (let tries = 0; tries < 200 && again.status !== 200; tries += 1) again = await open()
    expect(again.status).toBe(200)
    again.stop.abort()
  })
})

describe("a seller's endpoint", () => {
  const ask = (endpoint: string, allowPrivate = false) =>
    requestEndpoint({ endpoint, path: '/', headers: {}, allowPrivate, signal: AbortSignal.timeout(5_000) })

  it('error: no spelling of an inner address is asked, nor anything that is not plain http', async () => {
    const inner = [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://127.1/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://localhost/',
      'http://0/',
      'http://10.0.0.1#@example.com/',
      'http://user:secret@example.com/',
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'javascript:alert(1)',
      '//127.0.0.1/',
    ]
    for (const endpoint of inner)
      await expect(ask(endpoint), endpoint).rejects.toMatchObject({ name: 'EndpointRefused', isFinal: true })
  })

  it('error: where clouds keep credentials is not asked even where inner addresses are allowed', async () => {
    for (const endpoint of [
      'http://169.254.169.254/',
      'http://2852039166/',
      'http://[fd00:ec2::254]/',
      'http://100.100.100.200/',
    ])
      await expect(ask(endpoint, true), endpoint).rejects.toMatchObject({ isFinal: true })
  })
})

describe('FeedBuffer', () => {
  it('error: long lines push older ones out, so that a feed cannot fill the memory', () => {
    const buffer = new FeedBuffer()
    for (let line = 0; line < 1_000; line += 1)
      buffer.add({ kind: 'log', data: { line: `${line} `.padEnd(4_096, 'x'), stream: 'stdout', at: 1 } })
    const chars = buffer
      .all()
      .reduce((sum, { event }) => sum + (event.kind === 'log' ? event.data.line.length : 0), 0)
    expect(chars).toBeLessThanOrEqual(512 * 1024)
    expect(buffer.all().at(-1)?.event).toMatchObject({ data: { line: expect.stringMatching(/^999 /) } })
    expect(buffer.since(1)).toBeUndefined() // a reader that comes back must begin anew
  })
})
