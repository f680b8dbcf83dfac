import { join } from 'node:path'
import type { Logger } from 'pino'
import { JobReader } from './api/JobReader.ts'
import { MarketReader } from './api/MarketReader.ts'
import { ResultReader } from './api/ResultReader.ts'
import type { Config } from './config.ts'
import { ChainRows } from './db/ChainRows.ts'
import { openDatabase } from './db/openDatabase.ts'
import { Follower } from './follower/Follower.ts'
import { Hub } from './live/Hub.ts'
import { Relay } from './relay/Relay.ts'
import { BlockStore } from './store/BlockStore.ts'

/** Everything the routes need, wired once. */
export type Container = {
  readonly config: Config
  readonly logger: Logger
  readonly store: BlockStore
  readonly rows: ChainRows
  readonly hub: Hub
  readonly follower: Follower
  readonly relay: Relay
  readonly reader: MarketReader
  readonly close: () => Promise<void>
}

/** Opens what the configuration names. The follower is not started. */
export const createContainer = async (config: Config, logger: Logger): Promise<Container> => {
  const store = await BlockStore.open(join(config.dataDir, 'blocks'), config.storeMaxBytes)
  const db = openDatabase(config.dataDir)
  const rows = new ChainRows(db)
  const hub = new Hub()
  const follower = new Follower({ rpc: config.rpc, deploymentPath: config.deployment, rows, hub, logger })
  const reader = new MarketReader({ rows, jobs: new JobReader(store), results: new ResultReader(store) })
  const relay = new Relay(rows, config.allowPrivateEndpoints)
  const stopFollowing = relay.followOrders(hub)
  const close = async () => {
    stopFollowing()
    relay.stop()
    await follower.stop()
    db.close()
  }
  return { config, logger, store, rows, hub, follower, relay, reader, close }
}
