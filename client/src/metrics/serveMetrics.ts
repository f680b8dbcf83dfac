import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Ready } from '../api/buildApi.ts'
import type { Config } from '../config/config.ts'
import { ClientError } from '../errors.ts'
import type { createMetrics } from './createMetrics.ts'
import type { Stats } from './createStats.ts'

const DEFAULT = { host: '127.0.0.1', port: 9640 }
const MAX_CONNECTIONS = 16
const REQUEST_TIMEOUT_MS = 10_000

/**
 * Serves /metrics on loopback, or where the configuration says: they tell what a seller earns. Without a configured
 * address a taken port is replaced by a free one. Throws ClientError if the configured one cannot be used.
 */
export async function serveMetrics(args: {
  at: Config['metricsListen']
  ready: () => Ready | undefined
  stats: Stats
  searchPath: string
}): Promise<{ url: string; close(): Promise<void> }> {
  let metrics: ReturnType<typeof createMetrics> | undefined
  let underWay: Promise<string> | undefined
  // Loaded by the first reader: most machines have none.
  const read = async () => {
    metrics ??= (await import('./createMetrics.ts')).createMetrics(args)
    return metrics.text()
  }
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics')
      return answer(response, 404, 'Ask for /metrics.\n')
    underWay ??= read().finally(() => {
      underWay = undefined
    })
    await underWay.then(
      (text) => answer(response, 200, text, metrics?.contentType),
      () => answer(response, 503, 'The metrics cannot be read now.\n'),
    )
  })
  server.maxConnections = MAX_CONNECTIONS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  const url = await bind(server, args.at)
  return {
    url,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}

async function bind(server: Server, at: Config['metricsListen']): Promise<string> {
  const { host, port } = at ?? DEFAULT
  try {
    await listen(server, host, port)
  } catch (cause) {
    if (at) {
      const what = `Port ${port} of ${host} cannot be used for metrics.`
      throw new ClientError(what, 'Choose another address under "metricsListen".', { cause })
    }
    await listen(server, host, 0)
  }
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}
