import { type Database, once } from './Database.ts'

/** Grows with every change of the tables. */
const VERSION = '7'

const tables = ['meta', 'blocks', 'events', 'machines', 'orders', 'disputes'] as const

/** What the two databases call the same thing. */
type Dialect = { readonly integer: 'INTEGER' | 'BIGINT'; readonly afterTable: '' | ' STRICT' }

const statementsOf = ({ integer, afterTable }: Dialect): readonly string[] => [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)${afterTable}`,
  `CREATE TABLE blocks (number ${integer} PRIMARY KEY, hash TEXT NOT NULL, at ${integer} NOT NULL)${afterTable}`,
  `CREATE TABLE events (
    "blockNumber" ${integer} NOT NULL, "logIndex" ${integer} NOT NULL, "txHash" TEXT NOT NULL,
    pallet TEXT NOT NULL, name TEXT NOT NULL, "orderId" ${integer}, "machineId" ${integer}, "disputeId" ${integer},
    args TEXT NOT NULL, PRIMARY KEY ("blockNumber", "logIndex")
  )${afterTable}`,
  'CREATE INDEX "eventsOfOrder" ON events ("orderId") WHERE "orderId" IS NOT NULL',
  'CREATE INDEX "eventsOfMachine" ON events ("machineId") WHERE "machineId" IS NOT NULL',
  'CREATE INDEX "eventsOfDispute" ON events ("disputeId") WHERE "disputeId" IS NOT NULL',
  'CREATE INDEX "eventsOfTx" ON events ("txHash")',
  'CREATE INDEX "eventsNamed" ON events (name)',
  `CREATE TABLE machines ("machineId" ${integer} PRIMARY KEY, facts TEXT NOT NULL)${afterTable}`,
  `CREATE TABLE orders (
    "orderId" ${integer} PRIMARY KEY, settled ${integer} NOT NULL, "settledAt" ${integer} NOT NULL,
    "provedAt" ${integer} NOT NULL, buyer TEXT NOT NULL, payer TEXT NOT NULL, seller TEXT NOT NULL, "machineId" ${integer} NOT NULL, facts TEXT NOT NULL
  )${afterTable}`,
  ...['buyer', 'payer', 'seller', 'machineId'].map(
    (name) => `CREATE INDEX "orders_${name}" ON orders ("${name}")`,
  ),
  'CREATE INDEX "provedOrders" ON orders ("machineId", "provedAt") WHERE "provedAt" > 0',
  'CREATE INDEX "openOrders" ON orders (settled) WHERE settled = 0',
  `CREATE TABLE disputes (
    "disputeId" ${integer} PRIMARY KEY, "orderId" ${integer} NOT NULL, closed ${integer} NOT NULL, facts TEXT NOT NULL
  )${afterTable}`,
  'CREATE INDEX "disputesOfOrder" ON disputes ("orderId")',
  'CREATE INDEX "openDisputes" ON disputes (closed) WHERE closed = 0',
]

/** Everything here can be read from the chain again, so tables of another version are dropped, not migrated. */
export const prepareSchema = async (db: Database, dialect: Dialect): Promise<void> => {
  const found = await db.all("SELECT value FROM meta WHERE key = 'schema'").catch(() => [])
  if (found[0]?.value === VERSION) return
  await db.write([
    ...tables.map((table) => once(`DROP TABLE IF EXISTS ${table}`)),
    ...statementsOf(dialect).map((sql) => once(sql)),
    once("INSERT INTO meta (key, value) VALUES ('schema', ?)", VERSION),
  ])
}
