import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, parseConfig } from '@trainyard/market-ui/config.ts'
import { type RunningServer, startServer } from '@trainyard/market-ui/startServer.ts'
import { pino } from 'pino'

export type TestServer = RunningServer & { readonly dataDir: string }

/** The real server on a free port with an empty data folder; by default no chain answers it, and it asks no machine. */
export const startTestServer = async (overrides: Partial<Config> = {}): Promise<TestServer> => {
  const dataDir = overrides.dataDir ?? (await mkdtemp(join(tmpdir(), 'trainyard-market-')))
  const config = parseConfig({
    rpc: 'http://127.0.0.1:1',
    uptimeEverySeconds: 0, // tests count the connections to their sellers
    deployment: join(dataDir, 'no-deployment.json'),
    dataDir,
    ...overrides,
  })
  const server = await startServer(config, pino({ level: 'silent' }))
  const close = async () => {
    await server.close()
    if (overrides.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
  return { url: server.url, dataDir, close }
}
