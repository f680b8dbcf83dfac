import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { createContainer } from './container.ts'

export type RunningServer = { readonly url: string; readonly close: () => Promise<void> }

/** Wires, listens, and follows the chain until closed. */
export const startServer = async (config: Config, logger: Logger): Promise<RunningServer> => {
  const container = await createContainer(config, logger)
  const app = await buildApp(container)
  const { host, port } = splitListen(config.listen)
  await app.listen({ host, port })
  container.follower.start()
  container.uptime.start()
  const address = app.server.address() as AddressInfo
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address
  const close = async () => {
    await app.close()
    await container.close()
  }
  return { url: `http://${shownHost}:${address.port}`, close }
}

const splitListen = (listen: string): { host: string; port: number } => {
  const colon = listen.lastIndexOf(':')
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(listen.slice(colon + 1)) }
}
