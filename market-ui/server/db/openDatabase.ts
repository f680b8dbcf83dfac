import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMA_VERSION = 3

/** Everything here can be read from the chain again, so a schema of another version is dropped, not migrated. */
const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE events (
    blockNumber INTEGER NOT NULL, logIndex INTEGER NOT NULL, txHash TEXT NOT NULL,
    pallet TEXT NOT NULL, name TEXT NOT NULL, orderId INTEGER, machineId INTEGER, disputeId INTEGER, args TEXT NOT NULL,
    PRIMARY KEY (blockNumber, logIndex)
  ) STRICT;
  CREATE INDEX eventsOfOrder ON events (orderId) WHERE orderId IS NOT NULL;
  CREATE INDEX eventsOfMachine ON events (machineId) WHERE machineId IS NOT NULL;
  CREATE INDEX eventsOfDispute ON events (disputeId) WHERE disputeId IS NOT NULL;
  CREATE INDEX eventsOfTx ON events (txHash);
  CREATE INDEX eventsNamed ON events (name);
  CREATE TABLE machines (machineId INTEGER PRIMARY KEY, facts TEXT NOT NULL) STRICT;
  CREATE TABLE orders (orderId INTEGER PRIMARY KEY, settled INTEGER NOT NULL, facts TEXT NOT NULL) STRICT;
  CREATE INDEX ordersOfBuyer ON orders (facts ->> '$.order.buyer');
  CREATE INDEX ordersOfPayer ON orders (facts ->> '$.order.payer');
  CREATE INDEX ordersOfSeller ON orders (facts ->> '$.order.seller');
  CREATE INDEX ordersOfMachine ON orders (facts ->> '$.order.machineId');
  CREATE TABLE disputes (
    disputeId INTEGER PRIMARY KEY, orderId INTEGER NOT NULL, closed INTEGER NOT NULL, facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX disputesOfOrder ON disputes (orderId);
  CREATE INDEX openDisputes ON disputes (closed) WHERE closed = 0;
`

const tables = ['meta', 'blocks', 'events', 'machines', 'orders', 'disputes']

/** Opens the follower's database in `dataDir`, or in memory without one. */
export const openDatabase = (dataDir: string | undefined): DatabaseSync => {
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true })
  const db = new DatabaseSync(dataDir === undefined ? ':memory:' : join(dataDir, 'market.sqlite'), {
    timeout: 5_000,
  })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
  const version = db.prepare('PRAGMA user_version').get()?.user_version
  if (version !== SCHEMA_VERSION) {
    for (const table of tables) db.exec(`DROP TABLE IF EXISTS ${table}`)
    db.exec(schema)
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  }
  return db
}
