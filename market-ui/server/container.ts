import { join } from 'node:path'
import type { Logger } from 'pino'
import { ImageReader } from './api/ImageReader.ts'
import { JobReader } from './api/JobReader.ts'
import { MarketReader } from './api/MarketReader.ts'
import { ResultReader } from './api/ResultReader.ts'
import { RoundReader } from './api/RoundReader.ts'
import { SeatReader } from './api/SeatReader.ts'
import { SpecReader } from './api/SpecReader.ts'
import type { Template } from './api/schemas.ts'
import { accessNode, type NodeAccess } from './chain/NodeAccess.ts'
import type { Config } from './config.ts'
import { ChainRows } from './db/ChainRows.ts'
import { openDatabase } from './db/openDatabase.ts'
import { Follower } from './follower/Follower.ts'
import { Hub } from './live/Hub.ts'
import { NoticeReader } from './notices/NoticeReader.ts'
import { Relay } from './relay/Relay.ts'
import { BlockStore } from './store/BlockStore.ts'
import { neededBlocks } from './store/neededBlocks.ts'
import { loadTemplates } from './templates/loadTemplates.ts'
import { UptimeStore } from './uptime/UptimeStore.ts'
import { UptimeWatch } from './uptime/UptimeWatch.ts'
import { WebhookSender } from './webhooks/WebhookSender.ts'
import { WebhookStore } from './webhooks/WebhookStore.ts'

/** Of the store, what blocks from one address may take. */
const SENDER_SHARE = 0.25

/** Everything the routes need, wired once. */
export type Container = {
  readonly config: Config
  readonly logger: Logger
  readonly access: NodeAccess
  readonly store: BlockStore
  readonly rows: ChainRows
  readonly hub: Hub
  readonly follower: Follower
  readonly relay: Relay
  readonly reader: MarketReader
  readonly rounds: RoundReader
  readonly images: ImageReader
  readonly uptime: UptimeWatch
  readonly templates: readonly Template[]
  readonly notices: NoticeReader
  readonly webhooks: { readonly store: WebhookStore; readonly sender: WebhookSender }
  readonly close: () => Promise<void>
}

/** Opens what the configuration names. The follower is not started. */
export const createContainer = async (config: Config, logger: Logger): Promise<Container> => {
  const store = await BlockStore.open(join(config.dataDir, 'blocks'), {
    maxBytes: config.storeMaxBytes,
    maxBytesPerSender: Math.floor(config.storeMaxBytes * SENDER_SHARE),
  })
  const db = await openDatabase(config.dataDir, config.database)
  const rows = new ChainRows(db)
  store.keepWhat(() => neededBlocks(rows, store, Math.floor(Date.now() / 1000)))
  const templates = await loadTemplates(config.samplesDir, store, logger)
  const hub = new Hub()
  const access = accessNode(config)
  const follower = new Follower({ access, deploymentPath: config.deployment, rows, hub, logger })
  const uptimeStore = new UptimeStore(config.dataDir)
  const followed = await rows.chain()
  if (followed) uptimeStore.use(followed)
  const jobs = new JobReader(store)
  const images = new ImageReader({ rows, jobs, allowPrivate: config.allowPrivateEndpoints })
  const reader = new MarketReader({
    rows,
    jobs,
    results: new ResultReader(store),
    specs: new SpecReader(store),
    seats: new SeatReader({ runner: () => follower.runner, deploymentPath: config.deployment }),
    uptime: uptimeStore,
    isDrand: () => follower.isDrand,
  })
  const rounds = new RoundReader({
    runner: () => follower.runner,
    deploymentPath: config.deployment,
    relays: config.drandRelays,
  })
  const uptime = new UptimeWatch({
    store: uptimeStore,
    ...{ rows, hub, logger },
    machines: () => reader.machines(),
    allowPrivate: config.allowPrivateEndpoints,
    everySeconds: config.uptimeEverySeconds,
  })
  const relay = new Relay(rows, config.allowPrivateEndpoints)
  const stopFollowing = relay.followOrders(hub)
  const notices = new NoticeReader(rows)
  const webhookStore = new WebhookStore(config.dataDir)
  const sender = new WebhookSender({
    store: webhookStore,
    rows,
    notices,
    allowPrivate: config.allowPrivateEndpoints,
  })
  const stopTelling = sender.follow(hub)
  const close = async () => {
    stopFollowing()
    relay.stop()
    await uptime.stop()
    uptimeStore.close()
    await stopTelling()
    webhookStore.close()
    await follower.stop()
    access.close()
    await db.close()
    store.close()
  }
  const webhooks = { store: webhookStore, sender }
  const services = {
    store,
    rows,
    hub,
    follower,
    relay,
    reader,
    rounds,
    images,
    uptime,
    templates,
    notices,
    webhooks,
  }
  return { config, logger, access, ...services, close }
}
