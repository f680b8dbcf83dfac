import { once } from 'node:events'
import { createServer } from 'node:http'

export type RpcCall = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }

/**
 * Stands between an auditor and its node. `onCall` sees each call before it is passed on and decides what happens:
 * `pass`, `drop` (the connection is cut, the node never sees it) or `lose` (the node does, the answer is cut off); or
 * `revert`: the call is refused with that data, as a node whose state is about to change does.
 */
export async function startRpcProxy(
  target: string,
  onCall: (call: RpcCall) => Promise<'pass' | 'drop' | 'lose' | { revert: string }>,
) {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString()
      const calls: RpcCall[] = [JSON.parse(body)].flat()
      for (const call of calls) {
        const fate = await onCall(call)
        if (fate === 'pass') continue
        if (typeof fate === 'object') {
          const error = { code: 3, message: 'execution reverted', data: fate.revert }
          return void response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, error }))
        }
        if (fate === 'lose')
          await fetch(target, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
        return void response.destroy()
      }
      try {
        const answer = await fetch(target, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        })
        response.setHeader('content-type', 'application/json').end(await answer.text())
      } catch {
        response.destroy()
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}`, close }
}
