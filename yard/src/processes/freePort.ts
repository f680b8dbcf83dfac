import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { YardError } from '../errors.ts'

/** A loopback port that nobody listens on now. With `wanted`, that very port or an error. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new YardError(
      `Port ${wanted} on 127.0.0.1 cannot be used (${(cause as NodeJS.ErrnoException).code}). ` +
        'Stop what listens there, or choose another: npm start -- --port 0 takes any free one.',
      { cause },
    )
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
