import { mkdir } from 'node:fs/promises'
import { readKeystore } from '@trainyard/contracts/accounts/readKeystore.ts'
import { connect } from '@trainyard/contracts/context.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { withRounds } from '@trainyard/verifier/beacon/withRounds.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import type { AbstractSigner } from 'ethers'
import type { Logger } from 'pino'
import packageJson from '../package.json' with { type: 'json' }
import { buildApi, type Ready } from './api/buildApi.ts'
import { createBenchmarkReader } from './api/createBenchmarkReader.ts'
import { listen } from './api/listen.ts'
import { createHead } from './chain/createHead.ts'
import { followChain } from './chain/followChain.ts'
import type { Config } from './config/config.ts'
import type { Driver } from './drivers/driver.ts'
import { keepSwept } from './drivers/keepSwept.ts'
import { openDriver } from './drivers/openDriver.ts'
import type { DaemonContext, Machines } from './engine/context.ts'
import { createOrderBook } from './engine/createOrderBook.ts'
import type { Moment } from './engine/moment.ts'
import { pruneOrders } from './engine/pruneOrders.ts'
import { createStats, type Stats } from './metrics/createStats.ts'
import { readGpuGauges } from './metrics/readGpuGauges.ts'
import { serveMetrics } from './metrics/serveMetrics.ts'
import { readDeployment } from './readDeployment.ts'
import { startScores } from './score/startScores.ts'
import { writeDaemonFile } from './setup/daemonFile.ts'
import { ensureGas } from './setup/ensureGas.ts'
import { keepOffer } from './setup/keepOffer.ts'
import { openJournalWithRoom } from './setup/openJournalWithRoom.ts'
import { type OpenedMachine, openMachines, putUp } from './setup/openMachines.ts'

/** A running daemon. */
export type Daemon = {
  url: string
  metricsUrl: string
  /** Of the first machine. */
  machineId: bigint
  /** Ids of all machines by name; the name is empty where the host is one machine. */
  machineIds: ReadonlyMap<string, bigint>
  /** Leaves runs as they are: a later start takes them up. */
  stop(): Promise<void>
  /** Ends all runs at their next step; a later start resumes them from their last checkpoint. */
  stopRuns(): Promise<void>
  /** Resolves if the hardware changes and no order is open: a new start changes the registration. */
  outdated: Promise<string[]>
}

export type DaemonOptions = {
  logger: Logger
  /** Instead of the driver that the configuration names. */
  driver?: Driver
  /** See Moment. */
  atMoment?: (moment: Moment) => void
  /** Counts that outlive a restart within the process. */
  stats?: Stats
  /** Where nvidia-smi may be, as in PATH. */
  searchPath?: string
}

/** How long a settled order's checkpoints and result stay fetchable; checked at each start. */
const KEEP_SETTLED_MS = 7 * 86_400_000
const RUN_GRACE_MS = 2_000
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/nvidia/bin'

/**
 * Starts a seller's daemon: registers its machines, bonds and offers as far as that is not done yet, takes
 * its orders up where the journal says, and serves them. Throws with one clear sentence if it cannot.
 */
export async function startDaemon(config: Config, options: DaemonOptions): Promise<Daemon> {
  await using cleanup = new AsyncDisposableStack()
  const { logger, stats = createStats() } = options
  await mkdir(config.dataDir, { recursive: true, mode: 0o755 })
  const journal = cleanup.adopt(await openJournalWithRoom(config, logger), (open) => open.close())
  const deployment = await readDeployment(config.deployment, config.chain)
  const account = await readKeystore({ file: config.keystore, passwordFile: config.passwordFile })
  const driver = options.driver ?? (await openConfiguredDriver(config, logger))

  let ready: Ready | undefined
  const api = cleanup.adopt(
    buildApi(() => ready),
    (app) => app.close(),
  )
  const url = await listen(api, config.listen, journal)
  const searchPath = options.searchPath ?? SYSTEM_PATH
  const metricsOf = { at: config.metricsListen, ready: () => ready, stats, searchPath }
  const metrics = cleanup.adopt(await serveMetrics(metricsOf), (server) => server.close())
  const onRpcError = (address: string, { message: reason }: Error) => {
    stats.rpcFailed(address)
    logger.debug({ msg: 'an RPC address failed', address, reason })
  }
  const rpcUrl = [config.rpc, ...config.rpcFallbacks]
  const connected = await connect({ rpcUrl, deployment, signer: account, outbox: journal.outbox, onRpcError })
  const chain = withRounds(connected, config.drandRelays)
  cleanup.defer(() => chain.runner.provider?.destroy())
  // On Substrate chains another signer than the keystore's own, with another address.
  const signer = chain.runner as AbstractSigner
  const seller = (await signer.getAddress()) as Hex

  await ensureGas(chain, seller)
  const shared = {
    ...{ logger, chain, parameters: await readParameters(chain), signer, seller, driver, journal },
    head: createHead(),
    readGpus: () => readGpuGauges(searchPath),
    ...(options.atMoment ? { atMoment: options.atMoment } : {}),
  }
  const opened = await openMachines(shared, { config, endpoint: config.publicEndpoint ?? url, searchPath })
  const [{ daemon }, ...others] = opened
  await removeLostRuns(daemon)
  await putUp(opened)
  await pruneOrders(daemon, Date.now() - KEEP_SETTLED_MS)
  const machines: Machines = [daemon, ...others.map((other) => other.daemon)]
  const book = cleanup.adopt(await createOrderBook(machines), (orders) => orders.stop())
  const endpoint = config.publicEndpoint ?? url
  const scores = cleanup.adopt(await startScores(machines, endpoint, book.isBusy), (keeping) =>
    keeping.stop(),
  )
  ready = {
    ...{ machines, book, version: packageJson.version, evidenceOf: scores.evidence },
    benchmark: createBenchmarkReader(config.dataDir),
  }
  follow(daemon, book, cleanup)
  cleanup.adopt(sweepGhosts(daemon), (sweeping) => sweeping.stop())
  const outdated = Promise.withResolvers<string[]>()
  const keeping = { searchPath, isBusy: book.isBusy, onOutdated: outdated.resolve }
  for (const machine of opened) {
    cleanup.adopt(keepOffer({ ...machine, ...keeping }), (offer) => offer.stop())
  }
  const machineIds = idsOf(opened)
  const named = [...machineIds].map(([name, id]) => ({ name, machineId: String(id) }))
  await writeDaemonFile(config.dataDir, { url, machines: named, seller, pid: process.pid })
  const about = { url, metrics: metrics.url, seller, driver: driver.name }
  logger.info({ msg: 'ready', ...about, machines: named })
  const stack = cleanup.move()
  const stopRuns = async () => {
    const runs = await driver.list()
    await Promise.all(runs.map((runId) => driver.stop(runId, RUN_GRACE_MS)))
  }
  return {
    url,
    metricsUrl: metrics.url,
    machineId: daemon.machineId,
    machineIds,
    stop: () => stack.disposeAsync(),
    stopRuns,
    outdated: outdated.promise,
  }
}

function idsOf(opened: readonly OpenedMachine[]): ReadonlyMap<string, bigint> {
  return new Map(opened.map(({ daemon: { config, machineId } }) => [config.name, machineId]))
}

/** A journal without orders knows of no run: what is there was left by a data directory that is deleted. */
async function removeLostRuns({ driver, journal, logger }: DaemonContext): Promise<void> {
  if (journal.loadOrders().length > 0) return
  const removed = await driver.sweep(() => false, 0)
  if (removed.length > 0) logger.warn({ msg: 'removed runs that nothing is known about', removed })
}

/** Removes runs that a crash left behind; what an order is up to, the journal knows. */
function sweepGhosts({ driver, journal, logger }: DaemonContext) {
  const isOver = (orderId: string) => {
    const known = journal.loadOrders().find(({ state }) => state.orderId === orderId)?.state
    return known && known.phase === 'settled' && known.cleaned
  }
  return keepSwept({ driver, isOver, logger })
}

function follow(
  daemon: DaemonContext,
  book: Awaited<ReturnType<typeof createOrderBook>>,
  cleanup: AsyncDisposableStack,
): void {
  const stop = new AbortController()
  const { chain, journal, head, logger } = daemon
  const { isBusy } = book
  const events = { onEvents: book.onEvents, onReorg: book.onReorg }
  const following = followChain({ chain, journal, head, logger, events, isBusy, signal: stop.signal })
  cleanup.defer(async () => {
    stop.abort()
    await following
  })
}

async function openConfiguredDriver(config: Config, logger: Logger): Promise<Driver> {
  const { driver, weaknesses } = await openDriver({ name: config.driver, dataDir: config.dataDir })
  for (const weakness of weaknesses) logger.warn({ msg: 'the driver cannot prevent this here', weakness })
  return driver
}
