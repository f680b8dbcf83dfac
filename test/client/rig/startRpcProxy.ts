import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'

export type RpcRequest = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }
/** The JSON to answer with, or none at all: the connection breaks. */
export type RpcReply = { readonly json: string; readonly cutAfter?: number } | 'drop'
/** Decides what becomes of a request; `forward` asks the node and may be called once, never or again. */
export type Fault = (request: RpcRequest, forward: () => Promise<string>) => Promise<RpcReply>

export const honest: Fault = async (_request, forward) => ({ json: await forward() })

/** A node's stand-in that understands JSON-RPC, so that it can lie; honest until it is told otherwise. */
export async function startRpcProxy(target: string) {
  let fault: Fault = honest
  const seen: RpcRequest[] = []
  const answer = async (body: string): Promise<RpcReply> => {
    const request = JSON.parse(body) as RpcRequest
    seen.push(request)
    const forward = async () => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(target, { method: 'POST', headers, body })).text()
    }
    return fault(request, forward)
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const reply = await answer(Buffer.concat(chunks).toString()).catch((): RpcReply => 'drop')
    send(response, reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    become(next: Fault) {
      fault = next
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function send(response: ServerResponse, reply: RpcReply): void {
  if (reply === 'drop') {
    response.destroy()
    return
  }
  const bytes = Buffer.from(reply.json)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length })
  if (reply.cutAfter === undefined) response.end(bytes)
  else response.write(bytes.subarray(0, reply.cutAfter), () => response.destroy())
}
