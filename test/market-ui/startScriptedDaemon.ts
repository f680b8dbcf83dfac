import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Custom = (request: IncomingMessage, response: ServerResponse) => unknown
type Sent = { readonly id: number; readonly event: string; readonly data: unknown }

/** A seller's daemon that says what the test says: the event stream of orders, with ids and resuming. */
export type ScriptedDaemon = {
  readonly url: string
  /** Every connection made to the stream, with the id it resumed from. */
  readonly connections: {
    path: string
    lastEventId: string | undefined
    authorization: string | undefined
  }[]
  say: (event: string, data: unknown) => void
  /** Breaks the open streams, as a crash would. */
  drop: () => void
  /** What to answer instead of a stream; `false` leaves a request to the stream. */
  answer: (custom: Custom | undefined) => void
  stop: () => Promise<void>
}

export const startScriptedDaemon = async (): Promise<ScriptedDaemon> => {
  const said: Sent[] = []
  const open = new Set<ServerResponse>()
  const connections: ScriptedDaemon['connections'] = []
  let custom: Custom | undefined
  const write = (response: ServerResponse, { id, event, data }: Sent) =>
    response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

  const server = createServer((request, response) => {
    const lastEventId = request.headers['last-event-id']?.toString()
    const { authorization } = request.headers
    connections.push({ path: request.url ?? '', lastEventId, authorization })
    if (custom && custom(request, response) !== false) return
    if (!request.url?.endsWith('/events')) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    for (const entry of said) if (entry.id > Number(lastEventId ?? 0)) write(response, entry)
    open.add(response)
    response.on('close', () => open.delete(response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    say: (event, data) => {
      const entry = { id: said.length + 1, event, data }
      said.push(entry)
      for (const response of open) write(response, entry)
    },
    drop: () => {
      for (const response of open) response.destroy()
    },
    answer: (next) => {
      custom = next
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A loss curve as a small network's looks: falling, noisy, the same every time. */
export const lossAt = (step: number): number => {
  const noise = Math.sin(step * 12.9898) * 43758.5453
  const trend = 2.25 * Math.exp(-step / 260) + 0.16
  return Math.round((trend + (noise - Math.floor(noise) - 0.5) * 0.22 * trend ** 0.5) * 1e4) / 1e4
}

/** Says what a run says up to a step: progress, and a log line now and then. */
export const sayRun = (daemon: ScriptedDaemon, fromStep: number, toStep: number): void => {
  for (let step = fromStep; step <= toStep; step += 1) {
    const loss = lossAt(step)
    daemon.say('progress', { step, loss, samples: step * 32 })
    if (step % 32 === 0)
      daemon.say('log', {
        line: `step ${step} loss ${loss.toFixed(4)} checkpoint written`,
        stream: 'stdout',
        at: step,
      })
  }
}
