import { once } from 'node:events'
import { createServer } from 'node:http'

/** A content store in memory, with the faults that a test can switch on. */
export type TestStore = {
  readonly url: string
  readonly blocks: Map<string, Uint8Array>
  /** CIDs that it says it does not have */
  readonly withheld: Set<string>
  /** answers every request with 503 */
  down: boolean
  close: () => Promise<void>
}

export async function startTestStore(): Promise<TestStore> {
  const blocks = new Map<string, Uint8Array>()
  const withheld = new Set<string>()
  const server = createServer((request, response) => {
    const cid = request.url?.match(/^\/(?:ipfs|store\/blocks)\/(\w+)/)?.[1] ?? ''
    if (store.down) return void response.writeHead(503).end()
    if (request.method === 'PUT') {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        blocks.set(cid, Buffer.concat(parts))
        response.writeHead(201).end()
      })
      return
    }
    const bytes = withheld.has(cid) ? undefined : blocks.get(cid)
    if (bytes) response.end(bytes)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const store: TestStore = {
    url: `http://127.0.0.1:${port}`,
    blocks,
    withheld,
    down: false,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return store
}
