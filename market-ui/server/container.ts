import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { BlockStore } from './store/BlockStore.ts'

/** Everything the routes need, wired once. */
export type Container = {
  readonly config: Config
  readonly logger: Logger
  readonly store: BlockStore
}

/** Opens what the configuration names. */
export const createContainer = async (config: Config, logger: Logger): Promise<Container> => {
  const store = await BlockStore.open(join(config.dataDir, 'blocks'), config.storeMaxBytes)
  return { config, logger, store }
}
