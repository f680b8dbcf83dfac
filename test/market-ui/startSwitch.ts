import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One RPC address behind which a test changes the chain, or takes it away. */
export type Switch = { readonly url: string; target: string | undefined; stop: () => Promise<void> }

export const startSwitch = async (target: string): Promise<Switch> => {
  const server = createServer(async (request, response) => {
    if (gate.target === undefined) return void request.socket.destroy()
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const headers = { 'content-type': 'application/json' }
    try {
      const answer = await fetch(gate.target, { method: 'POST', body: Buffer.concat(parts), headers })
      response.writeHead(answer.status, headers).end(await answer.text())
    } catch {
      request.socket.destroy() // the chain behind is stopping
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gate: Switch = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return gate
}
