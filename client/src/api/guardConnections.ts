import type { Server } from 'node:http'
import type { Socket } from 'node:net'

type Seen = { address: string; isParty: boolean }

/**
 * Keeps room for a party's next connection: when there are more than `most`, the oldest one is closed of the address
 * that has the most of them, parties' aside. So whoever opens connections without end closes his own.
 */
export function guardConnections(server: Server, most: number): { keep(socket: Socket): void } {
  const sockets = new Map<Socket, Seen>() // in the order in which they came
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { address: socket.remoteAddress ?? '', isParty: false })
    socket.on('close', () => sockets.delete(socket))
    if (sockets.size > most) victimOf(sockets)?.destroy()
  })
  return {
    /** This connection is a party's. */
    keep(socket) {
      const seen = sockets.get(socket)
      if (seen) seen.isParty = true
    },
  }
}

function victimOf(sockets: ReadonlyMap<Socket, Seen>): Socket | undefined {
  const counts = new Map<string, number>()
  for (const { address, isParty } of sockets.values()) {
    if (!isParty) counts.set(address, (counts.get(address) ?? 0) + 1)
  }
  const [busiest] = [...counts].sort((a, b) => b[1] - a[1])
  return [...sockets].find(([, { address, isParty }]) => !isParty && address === busiest?.[0])?.[0]
}
