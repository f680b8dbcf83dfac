// Runs inside a run's network namespace, in a container of its own: the one thing there that listens. Hands
// every connection to the daemon's proxy through a socket file, and knows nothing of what it carries.
// It is copied into that container on its own, so it may import nothing but Node.
import { connect, createServer } from 'node:net'

/** Where a job finds its proxy: 127.0.0.1 and this port. */
export const FORWARDER_PORT = 3128
export const FORWARDER_SOCKET = '/egress/proxy.sock'
/** Programs open many at once; the proxy has the stricter limit. */
const MAX_CONNECTIONS = 256

if (import.meta.main) {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const proxy = connect({ path: FORWARDER_SOCKET, allowHalfOpen: true })
    client.pipe(proxy).pipe(client)
    // While the daemon restarts there is no proxy: the job sees its connection closed and tries again.
    client.on('error', () => proxy.destroy()).on('close', () => proxy.destroy())
    proxy.on('error', () => client.destroy()).on('close', () => client.destroy())
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(FORWARDER_PORT, '127.0.0.1')
}
