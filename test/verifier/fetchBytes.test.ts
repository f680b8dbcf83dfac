import { createServer, type Server } from 'node:net'
import { ContentUnavailable } from '@trainyard/verifier/content/errors.ts'
import { fetchBytes } from '@trainyard/verifier/content/fetchBytes.ts'
import { afterEach, expect, test } from 'vitest'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Closes the first `silent` connections at their first byte, and answers the others. */
async function startServer(silent: number): Promise<{ url: string; connections: () => number }> {
  let connections = 0
  const server = createServer((socket) => {
    const isSilent = connections++ < silent
    socket.on('error', () => {})
    socket.once('data', () => {
      if (isSilent) socket.destroy()
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  return { url, connections: () => connections }
}

test('behavior: a connection that closes before any answer is tried once more', async () => {
  const { url, connections } = await startServer(1)
  const bytes = await fetchBytes({ url, maxBytes: 10, timeoutMs: 10_000 })
  expect(new TextDecoder().decode(bytes)).toBe('hello')
  expect(connections()).toBe(2)
})

test('error: one that always closes is unavailable, after two tries', async () => {
  const { url, connections } = await startServer(9)
  await expect(fetchBytes({ url, maxBytes: 10, timeoutMs: 10_000 })).rejects.toThrow(ContentUnavailable)
  expect(connections()).toBe(2)
})
