import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { openTunnel } from '../../../client/src/egress/openTunnel.ts'

let server: Server
afterEach(() => server.close())

async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The job's side of a tunnel: what it sends, and what has come back. */
function jobSide(sends: string): { client: Duplex; received: () => string } {
  let text = ''
  const client = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  client.push(sends)
  return { client, received: () => text }
}

const limits = { totalBytes: 1e6, connectTimeoutMs: 2000, idleTimeoutMs: 5000 }
const head = Buffer.alloc(0)
const address = '127.0.0.1'

describe('openTunnel', () => {
  test('default: bytes go both ways and are counted, and the end of one side reaches the other', async () => {
    const port = await serve((socket) => socket.once('data', (chunk) => socket.end(`echo ${chunk}`)))
    const { client, received } = jobSide('hello')
    const spent = { bytes: 0, connections: 0 }
    client.push(null)
    await openTunnel({ client, head, address, port, limits, spent, stop: AbortSignal.timeout(5000) })
    expect(received()).toBe('HTTP/1.1 200 Connection established\r\n\r\necho hello')
    expect(spent.bytes).toBe(15)
  })

  test('behavior: what came with the request goes first', async () => {
    const port = await serve((socket) => socket.once('data', (chunk) => socket.end(chunk)))
    const { client, received } = jobSide('')
    client.push(null)
    const early = Buffer.from('early')
    const spent = { bytes: 0, connections: 0 }
    await openTunnel({ client, head: early, address, port, limits, spent, stop: AbortSignal.timeout(5000) })
    expect(received()).toContain('early')
  })

  test('error: at the byte limit it ends, whichever side sends', async () => {
    const port = await serve((socket) => socket.write(Buffer.alloc(100_000)))
    const { client, received } = jobSide('x')
    const spent = { bytes: 0, connections: 0 }
    const small = { ...limits, totalBytes: 1000 }
    await openTunnel({ client, head, address, port, limits: small, spent, stop: AbortSignal.timeout(5000) })
    expect(client.destroyed).toBe(true)
    expect(received().length).toBeLessThan(1100)
  })

  test('error: one on which nothing moves ends', async () => {
    const port = await serve(() => undefined)
    const { client } = jobSide('')
    const idle = { ...limits, idleTimeoutMs: 50 }
    const spent = { bytes: 0, connections: 0 }
    await openTunnel({ client, head, address, port, limits: idle, spent, stop: AbortSignal.timeout(5000) })
    expect(client.destroyed).toBe(true)
  })

  test('error: a target that refuses is told to the job', async () => {
    const port = await serve(() => undefined)
    server.close()
    const { client } = jobSide('')
    const spent = { bytes: 0, connections: 0 }
    const opened = openTunnel({ client, head, address, port, limits, spent, stop: AbortSignal.timeout(5000) })
    await expect(opened).rejects.toThrow(/could not be reached: ECONNREFUSED/)
  })

  test('error: it ends with the run', async () => {
    const port = await serve(() => undefined)
    const { client } = jobSide('')
    const stop = new AbortController()
    const spent = { bytes: 0, connections: 0 }
    const opened = openTunnel({ client, head, address, port, limits, spent, stop: stop.signal })
    await once(server, 'connection')
    stop.abort()
    await opened.catch(() => undefined)
    expect(spent.bytes).toBe(0)
  })
})
