import { chmod, chown, type FileHandle, open, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { allowedTarget } from './allowedTarget.ts'
import { EgressRefused } from './egressErrors.ts'
import { openTunnel, type Spent } from './openTunnel.ts'
import { resolvePublic } from './resolvePublic.ts'

export type EgressLimits = {
  /** Open at a time. */
  connections: number
  /** Both directions and all connections together, for as long as this daemon runs. */
  totalBytes: number
  connectTimeoutMs: number
  /** Of a connection on which nothing moves. */
  idleTimeoutMs: number
}

const GIB = 1024 ** 3
const SOCKET_NAME = 'proxy.sock'

export const EGRESS_LIMITS: EgressLimits = {
  connections: 64,
  totalBytes: 256 * GIB,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 300_000,
}

export type EgressProxy = { close(): Promise<void> }

/** One proxy's rules and state, shared by its connections. */
type Session = { allowed: readonly string[]; limits: EgressLimits; spent: Spent; stop: AbortSignal }

/**
 * A forward proxy (HTTP CONNECT, RFC 9110 9.3.6) for one run on a socket file that only user can open. It
 * connects to the names in allowed and to nothing else, and only where they lead to the public internet.
 * @param options.folder where the socket is made, as proxy.sock; one that an earlier daemon left is replaced
 */
export async function createEgressProxy(options: {
  folder: string
  user: { uid: number; gid: number }
  allowed: readonly string[]
  limits: EgressLimits
}): Promise<EgressProxy> {
  const { folder, user, allowed, limits } = options
  const stop = new AbortController()
  const session: Session = { allowed, limits, spent: { bytes: 0, connections: 0 }, stop: stop.signal }
  const server = createServer({ maxHeaderSize: 4096, headersTimeout: 10_000, requestTimeout: 10_000 })
  server.on('request', (_request, response) => {
    response.writeHead(405, { connection: 'close' }).end('This proxy only takes CONNECT (https).\n')
  })
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy())
    serve(request, client, head, session).catch((error: unknown) => refuse(client, error))
  })
  // Those beyond the limit are told so; those beyond twice the limit are not even listened to.
  server.maxConnections = limits.connections * 2
  const directory = await listenIn(server, folder, user)
  server.unref()
  return {
    close: async () => {
      stop.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await directory.close()
      await rm(join(folder, SOCKET_NAME), { force: true })
    },
  }
}

/** A socket's path may have 107 bytes; through the open directory it has few, wherever folder lies. */
async function listenIn(
  server: Server,
  folder: string,
  user: { uid: number; gid: number },
): Promise<FileHandle> {
  const path = join(folder, SOCKET_NAME)
  await rm(path, { force: true })
  const directory = await open(folder, 'r')
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(`/proc/self/fd/${directory.fd}/${SOCKET_NAME}`, resolve)
    })
    await chmod(path, 0o600)
    if (process.getuid?.() === 0) await chown(path, user.uid, user.gid)
    // The server unlinks its path when it closes, so the directory stays open until then.
    return directory
  } catch (error) {
    await directory.close()
    throw error
  }
}

async function serve(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  session: Session,
): Promise<void> {
  const { limits, spent, allowed, stop } = session
  const { host, port } = allowedTarget(request.url, allowed)
  if (spent.connections >= limits.connections) {
    throw new EgressRefused(429, `more than ${limits.connections} connections at a time`)
  }
  if (spent.bytes >= limits.totalBytes) throw new EgressRefused(429, 'the byte limit of this order is spent')
  spent.connections += 1
  try {
    const address = await resolvePublic(host, limits.connectTimeoutMs)
    await openTunnel({ client, head, address, port, limits, spent, stop })
  } finally {
    spent.connections -= 1
  }
}

function refuse(client: Duplex, error: unknown): void {
  if (client.destroyed) return
  const status = error instanceof EgressRefused ? error.statusCode : 502
  const body = `${error instanceof EgressRefused ? error.message : 'the connection failed'}\n`
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\nconnection: close\r\n`
  client.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
