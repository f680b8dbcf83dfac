import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { guardConnections } from '../../../client/src/api/guardConnections.ts'
import { until } from '../rig/until.ts'

const MOST = 20
const opened: Socket[] = []
let server: ReturnType<typeof createServer>
let accepted: Map<number, Socket>
let guard: ReturnType<typeof guardConnections>
beforeEach(async () => {
  accepted = new Map()
  server = createServer((_request, response) => response.end('hello'))
  guard = guardConnections(server, MOST)
  server.on('connection', (socket) => accepted.set(socket.remotePort ?? 0, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  server.closeAllConnections()
  server.close()
})

/** A connection that says nothing, from an address of loopback. */
async function open(localAddress: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, localAddress })
  socket.on('error', () => undefined)
  opened.push(socket)
  await once(socket, 'connect')
  await until(async () => accepted.get(socket.localPort ?? -1))
  return socket
}
const isOpen = (socket: Socket) => accepted.get(socket.localPort ?? -1)?.destroyed === false

test('default: up to the limit nobody is closed', async () => {
  for (let i = 0; i < MOST; i++) await open('127.0.0.2')
  expect(opened.every(isOpen)).toBe(true)
})

test("behavior: whoever opens too many closes his own; others and parties' stay", async () => {
  const quiet = await open('127.0.0.3')
  const party = await open('127.0.0.2')
  guard.keep(accepted.get(party.localPort ?? -1)!)
  for (let i = 0; i < 3 * MOST; i++) await open('127.0.0.2')
  const late = await open('127.0.0.4')
  expect([quiet, party, late].map(isOpen)).toEqual([true, true, true])
  expect(opened.filter(isOpen)).toHaveLength(MOST)
})
