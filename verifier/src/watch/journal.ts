import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Vote } from '@trainyard/contracts/ballotCommitment.ts'
import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { VerifierError } from '../errors.ts'

/** Verdicts as they were (or will be) committed; everything that revealing and publishing need. */
export type VerdictRecord = {
  readonly orderId: bigint
  /** of the panel that they are given in */
  readonly round: number
  /** drawn segments that the verdicts are about, and where each is in the draw */
  readonly segments: readonly number[]
  readonly positions: readonly number[]
  readonly verdicts: bigint
  readonly salt: string
  /** each of these segments' losses and gradient norms as the replay gave them; empty unless it passed to the bit */
  readonly inner: readonly string[]
  readonly reportCid: string
  readonly report: Uint8Array
  readonly committed: boolean
  readonly revealed: boolean
}

/** The auditor's memory on disk. Each write is durable before it returns. */
export type Journal = {
  /** last block whose events were handled, or undefined at first */
  lastBlock(): number | undefined
  setLastBlock(block: number): void
  openOrders(): bigint[]
  openOrder(orderId: bigint): void
  closeOrder(orderId: bigint): void
  recordOf(orderId: bigint): VerdictRecord | undefined
  /** Before anything is sent: what is committed on chain can always be revealed. */
  save(record: Omit<VerdictRecord, 'committed' | 'revealed'>): void
  discard(orderId: bigint): void
  /**
   * Where seats moved before anything was committed: sets the record aside, and takes up the one of this share if there was one
   * before. What was signed for a draw stays what it is: another commitment for it would cost the seat.
   */
  takeUp(
    orderId: bigint,
    round: number,
    share: Pick<VerdictRecord, 'segments' | 'positions'>,
  ): VerdictRecord | undefined
  /** A larger panel sits, for other segments: what was found before is done with. */
  moveOn(orderId: bigint, round: number): void
  markCommitted(orderId: bigint): void
  markRevealed(orderId: bigint): void
  /** The order's faults were challenged in this dispute: once is enough. */
  markChallenged(orderId: bigint, disputeId: bigint): void
  challengeOf(orderId: bigint): bigint | undefined
  /** Evidence that was named for a window, also in a block that is no longer part of the chain. */
  saveSighting(orderId: bigint, window: number, cid: string): void
  sightingsOf(orderId: bigint, window: number): string[]
  openDisputes(): bigint[]
  openDispute(disputeId: bigint): void
  closeDispute(disputeId: bigint): void
  /** What was voted in a round: a second look must not vote otherwise. */
  saveVote(disputeId: bigint, round: number, vote: Vote): void
  voteOf(disputeId: bigint, round: number): Vote | undefined
  /** revealed or challenged, and the report not in the store yet */
  unpublished(): VerdictRecord[]
  markPublished(orderId: bigint): void
  close(): void
}

/** What was found for one share of a draw: of the share that is the auditor's now, and of those that were before. */
const FOUND = `round INTEGER NOT NULL,
    segments TEXT NOT NULL,
    positions TEXT NOT NULL,
    verdicts TEXT NOT NULL,
    salt TEXT NOT NULL,
    inner_bits TEXT NOT NULL,
    report_cid TEXT NOT NULL,
    report BLOB NOT NULL`

const schema = `
  CREATE TABLE IF NOT EXISTS progress (id INTEGER PRIMARY KEY CHECK (id = 0), last_block INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS open_orders (order_id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS verdicts (
    order_id TEXT PRIMARY KEY,
    ${FOUND},
    committed INTEGER NOT NULL DEFAULT 0,
    revealed INTEGER NOT NULL DEFAULT 0,
    published INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS set_aside (
    order_id TEXT NOT NULL,
    ${FOUND},
    PRIMARY KEY (order_id, round, segments, positions)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS open_disputes (dispute_id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS challenges (order_id TEXT PRIMARY KEY, dispute_id TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sightings (
    order_id TEXT NOT NULL, window INTEGER NOT NULL, cid TEXT NOT NULL, PRIMARY KEY (order_id, window, cid)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS votes (
    dispute_id TEXT NOT NULL, round INTEGER NOT NULL, vote TEXT NOT NULL, PRIMARY KEY (dispute_id, round)
  ) STRICT;
`

/** Another auditor uses this data directory: two would commit two different salts. */
export class JournalBusy extends VerifierError {
  override name = 'JournalBusy'
  constructor(file: string) {
    super(
      `${file} is in use by another auditor.`,
      'Stop it first, or give this one its own dataDir and account.',
    )
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 1_000 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;')
    database.exec(`BEGIN EXCLUSIVE; ${schema} COMMIT;`)
  } catch (error) {
    database.close()
    if (error instanceof Error && error.message.includes('locked')) throw new JournalBusy(file)
    throw error
  }
  return database
}

const RECORD = 'order_id, round, segments, positions, verdicts, salt, inner_bits, report_cid, report'

type Row = Record<string, string | number | bigint | Uint8Array | null>

function toRecord(row: Row): VerdictRecord {
  return {
    orderId: BigInt(String(row.order_id)),
    round: Number(row.round),
    segments: JSON.parse(String(row.segments)) as number[],
    positions: JSON.parse(String(row.positions)) as number[],
    verdicts: BigInt(String(row.verdicts)),
    salt: String(row.salt),
    inner: JSON.parse(String(row.inner_bits)) as string[],
    reportCid: String(row.report_cid),
    report: row.report as Uint8Array,
    committed: row.committed === 1,
    revealed: row.revealed === 1,
  }
}

/** Opens the journal of one deployment and account; a reset devnet gets a new file. Throws JournalBusy. */
export function openJournal(dataDir: string, deployment: Deployment, account: string): Journal {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const name = [
    deployment.genesisHash.slice(2, 10),
    deployment.proofs.slice(2, 10),
    account.slice(2, 10),
  ].join('-')
  const database = open(join(dataDir, `auditor-${name.toLowerCase()}.sqlite`))
  const run = (sql: string, ...values: (string | number | Uint8Array)[]) =>
    database.prepare(sql).run(...values)
  const rows = (sql: string, ...values: string[]) => database.prepare(sql).all(...values) as Row[]
  const recordOf = (id: bigint) =>
    rows('SELECT * FROM verdicts WHERE order_id = ?', String(id)).map(toRecord)[0]
  return {
    lastBlock: () => rows('SELECT last_block FROM progress').map((row) => Number(row.last_block))[0],
    setLastBlock: (block) => run('INSERT OR REPLACE INTO progress VALUES (0, ?)', block),
    openOrders: () => rows('SELECT order_id FROM open_orders').map((row) => BigInt(String(row.order_id))),
    openOrder: (id) => run('INSERT OR IGNORE INTO open_orders VALUES (?)', String(id)),
    closeOrder: (id) => {
      run('DELETE FROM open_orders WHERE order_id = ?', String(id))
      run('DELETE FROM sightings WHERE order_id = ?', String(id))
      run('DELETE FROM set_aside WHERE order_id = ?', String(id))
    },
    recordOf,
    save: ({ orderId, round, segments, positions, verdicts, salt, inner, reportCid, report }) =>
      run(
        `INSERT INTO verdicts (${RECORD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        String(orderId),
        round,
        JSON.stringify(segments),
        JSON.stringify(positions),
        String(verdicts),
        salt,
        JSON.stringify(inner),
        reportCid,
        report,
      ),
    discard: (id) => run('DELETE FROM verdicts WHERE order_id = ? AND committed = 0', String(id)),
    takeUp: (id, round, { segments, positions }) => {
      const share = [String(id), round, JSON.stringify(segments), JSON.stringify(positions)]
      const isShare = 'order_id = ? AND round = ? AND segments = ? AND positions = ?'
      database.exec('BEGIN')
      try {
        run(`INSERT OR REPLACE INTO set_aside SELECT ${RECORD} FROM verdicts WHERE order_id = ?`, String(id))
        run('DELETE FROM verdicts WHERE order_id = ?', String(id))
        run(`INSERT INTO verdicts (${RECORD}) SELECT ${RECORD} FROM set_aside WHERE ${isShare}`, ...share)
        run(`DELETE FROM set_aside WHERE ${isShare}`, ...share)
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
      return recordOf(id)
    },
    moveOn: (id, round) => {
      for (const table of ['verdicts', 'set_aside'])
        run(`DELETE FROM ${table} WHERE order_id = ? AND round < ?`, String(id), round)
    },
    markCommitted: (id) => run('UPDATE verdicts SET committed = 1 WHERE order_id = ?', String(id)),
    markRevealed: (id) => run('UPDATE verdicts SET revealed = 1 WHERE order_id = ?', String(id)),
    markChallenged: (id, disputeId) =>
      run('INSERT OR IGNORE INTO challenges VALUES (?, ?)', String(id), String(disputeId)),
    challengeOf: (id) =>
      rows('SELECT dispute_id FROM challenges WHERE order_id = ?', String(id)).map((row) =>
        BigInt(String(row.dispute_id)),
      )[0],
    saveSighting: (id, window, cid) =>
      run('INSERT OR IGNORE INTO sightings VALUES (?, ?, ?)', String(id), window, cid),
    sightingsOf: (id, window) =>
      rows('SELECT cid FROM sightings WHERE order_id = ? AND window = ?', String(id), String(window)).map(
        (row) => String(row.cid),
      ),
    openDisputes: () =>
      rows('SELECT dispute_id FROM open_disputes').map((row) => BigInt(String(row.dispute_id))),
    openDispute: (id) => run('INSERT OR IGNORE INTO open_disputes VALUES (?)', String(id)),
    closeDispute: (id) => run('DELETE FROM open_disputes WHERE dispute_id = ?', String(id)),
    saveVote: (id, round, vote) =>
      run('INSERT OR IGNORE INTO votes VALUES (?, ?, ?)', String(id), round, JSON.stringify(vote)),
    voteOf: (id, round) =>
      rows('SELECT vote FROM votes WHERE dispute_id = ? AND round = ?', String(id), String(round)).map(
        (row) => JSON.parse(String(row.vote)) as Vote,
      )[0],
    unpublished: () =>
      rows(
        'SELECT * FROM verdicts WHERE published = 0 AND (revealed = 1 OR order_id IN (SELECT order_id FROM challenges))',
      ).map(toRecord),
    markPublished: (id) => run('UPDATE verdicts SET published = 1 WHERE order_id = ?', String(id)),
    close: () => database.close(),
  }
}
