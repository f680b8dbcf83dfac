import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Duplex, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EgressRefused } from './egressErrors.ts'

/** What a run has used up of its limits. */
export type Spent = { bytes: number; connections: number }

/**
 * Connects to an address and port, answers the client's CONNECT, and carries bytes both ways until both
 * sides have ended, one fails, nothing moves for a while, the byte limit is spent, or stop aborts. An
 * address, not a name: what was checked is what is connected to. Errors: EgressRefused if it never began.
 */
export async function openTunnel(options: {
  client: Duplex
  head: Buffer
  address: string
  port: number
  limits: { totalBytes: number; connectTimeoutMs: number; idleTimeoutMs: number }
  spent: Spent
  stop: AbortSignal
}): Promise<void> {
  const { client, head, address, port, limits, spent, stop } = options
  const server = await connectTo(address, port, limits.connectTimeoutMs, stop)
  server.setTimeout(limits.idleTimeoutMs, () => server.destroy())
  client.write('HTTP/1.1 200 Connection established\r\n\r\n')
  if (head.length > 0) client.unshift(head)
  const meter = () => countBytes(spent, limits.totalBytes)
  const both = [
    pipeline(client, meter(), server, { signal: stop }),
    pipeline(server, meter(), client, { signal: stop }),
  ]
  // A failure in one direction ends the other one too: a half of a connection is of no use.
  await Promise.all(both).catch(() => undefined)
  server.destroy()
  client.destroy()
}

async function connectTo(
  address: string,
  port: number,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host: address, port, allowHalfOpen: true })
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    const reason = code === 'ABORT_ERR' ? `no answer within ${timeoutMs} ms` : code
    throw new EgressRefused(502, `${address}:${port} could not be reached: ${reason}`)
  }
}

function countBytes(spent: Spent, totalBytes: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      spent.bytes += chunk.length
      if (spent.bytes > totalBytes) done(new Error('The byte limit of this order is spent.'))
      else done(null, chunk)
    },
  })
}
