import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot, type YardPaths } from '../paths.ts'
import { superviseChild } from '../processes/superviseChild.ts'
import type { ServiceContext } from './serviceContext.ts'

/** The market server: chain follower, API, artifact store and pages. */
export async function startMarket(service: ServiceContext, paths: YardPaths, port: number, webDir: string) {
  mkdirSync(paths.market, { recursive: true })
  const config = join(paths.market, 'config.json')
  const settings = {
    rpc: service.rpcUrl,
    deployment: paths.deployment,
    listen: `127.0.0.1:${port}`,
    dataDir: join(paths.market, 'data'),
    webDir,
    samplesDir: join(repositoryRoot, 'yard', 'samples'),
    allowPrivateEndpoints: true, // the seller's daemon is on this machine
    uptimeEverySeconds: 30, // what there is to see is seen within minutes
  }
  writeFileSync(config, JSON.stringify(settings, null, 2))
  const child = await superviseChild(
    {
      name: 'market server',
      script: join(repositoryRoot, 'market-ui', 'server', 'cli.ts'),
      args: ['--config', config, '--parent-pipe'],
      logFile: join(paths.logs, 'market.log'),
    },
    service.onEvent,
    service.onDead,
  )
  return { ...child, url: String(child.ready.url) }
}
