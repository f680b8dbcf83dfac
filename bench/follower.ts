import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { accessNode } from '@trainyard/market-ui/chain/NodeAccess.ts'
import { ChainRows } from '@trainyard/market-ui/db/ChainRows.ts'
import type { Database } from '@trainyard/market-ui/db/Database.ts'
import { openDatabase } from '@trainyard/market-ui/db/openDatabase.ts'
import { Follower } from '@trainyard/market-ui/follower/Follower.ts'
import { Hub } from '@trainyard/market-ui/live/Hub.ts'
import { pino } from 'pino'
import { type Devnet, startDevnet } from '../test/helpers/devnet.ts'
import { hasPostgres, startPostgres } from '../test/helpers/postgres.ts'
import { emitEvents, installEmitter } from '../test/market-ui/eventEmitter.ts'
import { type Figure, round } from './lib/figure.ts'
import { hasPonder, ponderBackfill } from './lib/ponderBackfill.ts'

const BLOCKS = 2_000
const EVENTS_PER_BLOCK = 50
const REORG_BLOCKS = 20
const TIMEOUT_MS = 300_000

/**
 * A backfill of 100,000 events of a real chain (anvil; a contract in the staking pallet's place logs them), from an empty
 * database to the head, and the repair of a reorganisation of 20 blocks. The reference reads and decodes the same logs
 * and keeps nothing; ponder follows the same events of the same chain where `npm ci` was run in bench/ponder.
 */
export async function measure(): Promise<Figure> {
  const net = await startDevnet()
  const dir = await mkdtemp(join(tmpdir(), 'trainyard-follower-'))
  const postgres = hasPostgres ? await startPostgres() : undefined
  try {
    const deployment = join(dir, 'deployment.json')
    await writeFile(deployment, JSON.stringify(net.deployment))
    await installEmitter(net)
    const { address } = await net.account(3)
    await emit(net, address, BLOCKS)
    const sqlite = await backfill(net, deployment, address, await openDatabase(join(dir, 'sqlite')))
    const other =
      postgres && (await backfill(net, deployment, address, await openDatabase(dir, postgres.url)))
    const direct = await directSeconds(net)
    const ponder = hasPonder ? await ponderBackfill(net, sqlite.events) : undefined
    const perSecond = sqlite.events / sqlite.seconds
    return {
      figure: 'follower',
      value: round(perSecond, 0),
      unit: 'events followed per second into SQLite, backfill',
      reference: ponder
        ? 'ponder 0.16 with PGlite on the same chain, from its first question to the last event'
        : 'ethers getLogs and decoding alone, nothing kept; ponder is not installed (npm ci in bench/ponder)',
      ratio: round(perSecond / (ponder ? ponder.events / ponder.seconds : direct.events / direct.seconds)),
      goal: `${BLOCKS * EVENTS_PER_BLOCK} events without gap or double, ${REORG_BLOCKS} blocks repaired, faster than ponder`,
      met:
        sqlite.isWhole &&
        (other?.isWhole ?? true) &&
        sqlite.seconds < (ponder?.seconds ?? Number.POSITIVE_INFINITY),
      detail: { sqlite, ...(other ? { postgres: other } : {}), direct, ...(ponder ? { ponder } : {}) },
    }
  } finally {
    await postgres?.stop()
    await net.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function emit(net: Devnet, from: string, blocks: number, events = EVENTS_PER_BLOCK): Promise<void> {
  for (let block = 0; block < blocks; block++) await emitEvents(net, from, events)
  await net.mine()
}

async function backfill(net: Devnet, deploymentPath: string, from: string, db: Database) {
  const rows = new ChainRows(db)
  const access = accessNode({ chain: 'evm', rpc: net.rpcUrl })
  const parts = { access, deploymentPath, rows, hub: new Hub(), logger: pino({ level: 'silent' }) }
  const follower = new Follower(parts)
  const startedAt = performance.now()
  follower.start()
  await caughtUp(net, rows)
  const seconds = (performance.now() - startedAt) / 1000
  const followed = await rows.eventsNamed('Bonded')
  const snapshot: unknown = await net.provider.send('evm_snapshot', [])
  await emit(net, from, REORG_BLOCKS, 7)
  await caughtUp(net, rows)
  await net.provider.send('evm_revert', [snapshot])
  await emit(net, from, REORG_BLOCKS, 3)
  const forkedAt = performance.now()
  await caughtUp(net, rows)
  const repairSeconds = (performance.now() - forkedAt) / 1000
  const after = await rows.eventsNamed('Bonded')
  await follower.stop()
  await db.close()
  await net.provider.send('evm_revert', [snapshot]).catch(() => undefined)
  const isWhole = after.length === followed.length + 3 * REORG_BLOCKS && places(after) === after.length
  return {
    events: followed.length,
    seconds: round(seconds, 2),
    eventsPerSecond: round(followed.length / seconds, 0),
    repairSeconds: round(repairSeconds, 2),
    isWhole,
  }
}

const places = (events: readonly { blockNumber: number; logIndex: number }[]): number =>
  new Set(events.map(({ blockNumber, logIndex }) => `${blockNumber}-${logIndex}`)).size

async function caughtUp(net: Devnet, rows: ChainRows): Promise<void> {
  for (const endMs = performance.now() + TIMEOUT_MS; performance.now() < endMs; await delay(10)) {
    const head: unknown = await net.provider.send('eth_getBlockByNumber', ['latest', false])
    if ((await rows.cursor())?.hash === (head as { hash: string }).hash) return
  }
  throw new Error(`The follower did not catch up in ${TIMEOUT_MS / 1000} s.`)
}

async function directSeconds(net: Devnet) {
  const context = { deployment: net.deployment, runner: net.provider }
  const startedAt = performance.now()
  const events = await readEvents(context, net.deployment.deployedBlock, await net.provider.getBlockNumber())
  const seconds = (performance.now() - startedAt) / 1000
  return {
    events: events.length,
    seconds: round(seconds, 2),
    eventsPerSecond: round(events.length / seconds, 0),
  }
}
