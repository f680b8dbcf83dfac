import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { accessNode } from '@trainyard/market-ui/chain/NodeAccess.ts'
import { ChainRows } from '@trainyard/market-ui/db/ChainRows.ts'
import type { Database } from '@trainyard/market-ui/db/Database.ts'
import { openDatabase } from '@trainyard/market-ui/db/openDatabase.ts'
import { Follower } from '@trainyard/market-ui/follower/Follower.ts'
import { storedEvent } from '@trainyard/market-ui/follower/storedEvent.ts'
import { Hub } from '@trainyard/market-ui/live/Hub.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../helpers/devnet.ts'
import { hasPostgres, type Postgres, postgresTest, startPostgres } from '../helpers/postgres.ts'
import { emitEvents, installEmitter } from './eventEmitter.ts'
import { waitFor } from './waitFor.ts'

const REORG_BLOCKS = 20
const STEP_BLOCKS = 7

let net: Devnet
let dir: string
let deploymentPath: string
let postgres: Postgres | undefined
let sender: string

beforeAll(async () => {
  ;[net, postgres] = await Promise.all([startDevnet(), hasPostgres ? startPostgres() : undefined])
  dir = await mkdtemp(join(tmpdir(), 'trainyard-following-'))
  deploymentPath = join(dir, 'deployment.json')
  await writeFile(deploymentPath, JSON.stringify(net.deployment))
  sender = (await net.account(3)).address
  await installEmitter(net)
  await emitBlocks(60, 1)
}, 60_000)

afterAll(async () => {
  await net?.stop()
  await postgres?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

/** Blocks with none to four events each, others with another `salt`. */
const emitBlocks = async (blocks: number, salt: number): Promise<void> => {
  for (let block = 0; block < blocks; block += 1) await emitEvents(net, sender, (block * salt * 7 + salt) % 5)
  await net.mine() // what was sent is in a block now
}

/** The events as the node tells them now, as rows keep them; times aside, which events do not have. */
const direct = async () => {
  const context = { deployment: net.deployment, runner: net.provider }
  const head = await net.provider.getBlockNumber()
  const events = await readEvents(context, net.deployment.deployedBlock, head)
  return events.map(storedEvent).map(({ at: _at, ...event }) => event)
}

const followed = async (rows: ChainRows) =>
  [...(await rows.eventsNamed('Bonded')), ...(await others(rows))]
    .map(({ at, ...event }) => {
      expect(at).not.toBeNull() // every event's block is there
      return event
    })
    .sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)

/** What the deployment itself says. */
const others = async (rows: ChainRows) => {
  const names = new Set((await direct()).map(({ name }) => name).filter((name) => name !== 'Bonded'))
  return (await Promise.all([...names].map((name) => rows.eventsNamed(name)))).flat()
}

const follow = (db: Database): { rows: ChainRows; follower: Follower } => {
  const rows = new ChainRows(db)
  const access = accessNode({ chain: 'evm', rpc: net.rpcUrl })
  const parts = { access, deploymentPath, rows, hub: new Hub(), logger: pino({ level: 'silent' }) }
  const follower = new Follower({ ...parts, maxStepBlocks: STEP_BLOCKS })
  follower.start()
  return { rows, follower }
}

const headHash = async (): Promise<string> => {
  const head: unknown = await net.provider.send('eth_getBlockByNumber', ['latest', false])
  return (head as { hash: string }).hash
}

const untilCaughtUp = async (rows: ChainRows): Promise<void> => {
  await waitFor(
    async () => ({ ours: (await rows.cursor())?.hash, theirs: await headHash() }),
    ({ ours, theirs }) => ours === theirs,
  )
}

class Killed extends Error {}

/** A database whose process dies around its n-th write: just before it is done, or just after, unheard. */
const dying = (db: Database, writes: number, isDone: boolean): { db: Database; death: Promise<void> } => {
  const died = Promise.withResolvers<void>()
  let left = writes
  const refuse = () => Promise.reject(new Killed('killed'))
  return {
    death: died.promise,
    db: {
      all: (...asked) => (left > 0 ? db.all(...asked) : refuse()),
      write: async (wanted) => {
        if (left <= 0) return refuse()
        left -= 1
        if (left > 0) return db.write(wanted)
        if (isDone) await db.write(wanted)
        died.resolve()
        return refuse()
      },
      close: () => db.close(),
    },
  }
}

type Kind = { readonly open: (name: string) => Promise<Database> }

/** Killed around every write of a whole backfill, one after the other, then let live. */
const resumesAfterEveryKill = async ({ open }: Kind): Promise<void> => {
  let kills = 0
  for (const isDone of [false, true])
    for (let writes = 1; writes <= 6; writes += 1) {
      const mortal = dying(await open('killed'), writes, isDone)
      const { follower } = follow(mortal.db)
      const dies = await Promise.race([mortal.death.then(() => true), caughtUp(follower)])
      await follower.stop()
      await mortal.db.close()
      if (dies) kills += 1
    }
  expect(kills).toBeGreaterThan(3)
  const db = await open('killed')
  const { rows, follower } = follow(db)
  await untilCaughtUp(rows)
  await follower.stop()
  expect(await followed(rows)).toEqual(await direct())
  await db.close()
}

const caughtUp = async (follower: Follower): Promise<boolean> => {
  await waitFor(
    async () => follower.state.phase,
    (phase) => phase === 'following',
  )
  return false
}

/** Twenty blocks are replaced by others, while it follows and while it does not. */
const repairsReorganisations = async ({ open }: Kind, salt: number): Promise<void> => {
  const db = await open(`reorganised${salt}`)
  const live = follow(db)
  await untilCaughtUp(live.rows)
  const snapshot: unknown = await net.provider.send('evm_snapshot', [])
  await emitBlocks(REORG_BLOCKS, salt)
  await untilCaughtUp(live.rows)
  const replaced = await followed(live.rows)
  await net.provider.send('evm_revert', [snapshot])
  await emitBlocks(REORG_BLOCKS + 3, salt + 1)
  await untilCaughtUp(live.rows)
  expect(await followed(live.rows)).toEqual(await direct())
  expect(await followed(live.rows)).not.toEqual(replaced)
  await live.follower.stop()
  await db.close()
}

const sqlite: Kind = { open: (name) => openDatabase(join(dir, name)) }
const onPostgres: Kind = { open: () => openDatabase(dir, postgres!.url) }

describe('following into SQLite', () => {
  it('default: killed around any write it resumes, and has what a direct read has: no gap, nothing double', () =>
    resumesAfterEveryKill(sqlite))
  it('behavior: a reorganisation of 20 blocks is repaired', () => repairsReorganisations(sqlite, 2))
})

describe('following into Postgres', () => {
  postgresTest('default: killed around any write it resumes, and has what a direct read has', () =>
    resumesAfterEveryKill(onPostgres),
  )
  postgresTest('behavior: a reorganisation of 20 blocks is repaired', () =>
    repairsReorganisations(onPostgres, 4),
  )

  postgresTest('error: two servers do not follow into one database', async () => {
    const first = await openDatabase(dir, postgres!.url)
    await expect(openDatabase(dir, postgres!.url)).rejects.toThrow('Another market server follows into this')
    await first.close()
    await (await openDatabase(dir, postgres!.url)).close()
  })
})
