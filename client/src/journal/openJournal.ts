import { DatabaseSync } from 'node:sqlite'
import type { Outbox, OutboxVersion } from '@trainyard/contracts/outbox/outbox.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import { ClientError } from '../errors.ts'
import type { OrderState } from '../order/state.ts'
import { JOURNAL_SCHEMA } from './schema.ts'

/** Seed of a window, and the beacon that it came from. */
export type SeedRecord = { seed: string; beacon: string; beaconBlock: number }
export type OrderEvent = { id: number; event: string; data: string }

/** A command that reads the journal of a daemon that is down may be at it while that starts. */
const BUSY_TIMEOUT_MS = 2_000

/** What the daemon remembers. Every write is on disk when the call returns. */
export type Journal = ReturnType<typeof openJournal>

/** Opens (or creates) the journal in a SQLite file. Throws ClientError if another process has it open. */
export function openJournal(path: string) {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec(JOURNAL_SCHEMA)
  } catch (cause) {
    db.close()
    const what = `The journal ${path} cannot be opened.`
    throw new ClientError(what, 'Stop the daemon that uses it, or choose another dataDir.', { cause })
  }
  return {
    ...orderTables(db),
    ...workTables(db),
    ...eventTables(db),
    ...factTables(db),
    outbox: outboxTable(db),
    close: () => db.close(),
  }
}

function orderTables(db: DatabaseSync) {
  const save = db.prepare('INSERT OR REPLACE INTO orders VALUES (?, ?, ?)')
  const all = db.prepare('SELECT state, updatedAtMs FROM orders ORDER BY CAST(orderId AS INTEGER)')
  return {
    saveOrder(state: OrderState, nowMs: number): void {
      save.run(state.orderId, JSON.stringify(state), nowMs)
    },
    /** Only this daemon writes the file, so a stored state has the type that was stored. */
    loadOrders(): { state: OrderState; updatedAtMs: number }[] {
      return all.all().map((row) => ({
        state: JSON.parse(String(row.state)) as OrderState,
        updatedAtMs: Number(row.updatedAtMs),
      }))
    },
  }
}

function workTables(db: DatabaseSync) {
  const putSeed = db.prepare('INSERT OR REPLACE INTO seeds VALUES (?, ?, ?, ?, ?)')
  const seeds = db.prepare('SELECT seed, beacon, beaconBlock FROM seeds WHERE orderId = ? ORDER BY window')
  const dropSeeds = db.prepare('DELETE FROM seeds WHERE orderId = ? AND window >= ?')
  const putLeaf = db.prepare('INSERT OR REPLACE INTO leaves VALUES (?, ?, ?, ?)')
  const leaves = db.prepare(
    'SELECT leaf FROM leaves WHERE orderId = ? AND segment >= ? AND segment < ? ORDER BY segment',
  )
  const progress = db.prepare('SELECT progress FROM leaves WHERE orderId = ? AND segment = ?')
  const putEvidence = db.prepare('INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?)')
  const evidence = db.prepare('SELECT cid, bytes FROM evidence WHERE orderId = ? AND window = ?')
  return {
    saveSeed(orderId: string, window: number, record: SeedRecord): void {
      putSeed.run(orderId, window, record.seed, record.beacon, record.beaconBlock)
    },
    seedsOf(orderId: string): SeedRecord[] {
      return seeds.all(orderId).map((row) => ({
        seed: String(row.seed),
        beacon: String(row.beacon),
        beaconBlock: Number(row.beaconBlock),
      }))
    },
    /** Forgets seeds from a window on: their beacons changed. */
    dropSeeds(orderId: string, fromWindow: number): void {
      dropSeeds.run(orderId, fromWindow)
    },
    /** @param progress the segment's lines of progress.jsonl */
    saveLeaf(orderId: string, leaf: SegmentLeaf, progress: string): void {
      putLeaf.run(orderId, leaf.segment, JSON.stringify(leaf), progress)
    },
    /** Leaves of segments [first, end), in order. */
    leavesOf(orderId: string, first: number, end: number): SegmentLeaf[] {
      return leaves.all(orderId, first, end).map((row) => JSON.parse(String(row.leaf)) as SegmentLeaf)
    },
    /** A segment's lines of progress.jsonl. */
    progressOf(orderId: string, segment: number): string | undefined {
      const row = progress.get(orderId, segment)
      return row ? String(row.progress) : undefined
    },
    saveEvidence(orderId: string, window: number, cid: string, bytes: Uint8Array): void {
      putEvidence.run(orderId, window, cid, bytes)
    },
    evidenceOf(orderId: string, window: number): { cid: string; bytes: Uint8Array } | undefined {
      const row = evidence.get(orderId, window)
      return row ? { cid: String(row.cid), bytes: row.bytes as Uint8Array } : undefined
    },
  }
}

function outboxTable(db: DatabaseSync): Outbox {
  const all = db.prepare('SELECT nonce, versions FROM outbox WHERE account = ? ORDER BY nonce')
  const put = db.prepare('INSERT OR REPLACE INTO outbox VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM outbox WHERE account = ? AND nonce < ?')
  return {
    entries: (account) =>
      all.all(account).map((row) => ({
        nonce: Number(row.nonce),
        versions: JSON.parse(String(row.versions)) as OutboxVersion[],
      })),
    save: (account, { nonce, versions }) => void put.run(account, nonce, JSON.stringify(versions)),
    forget: (account, belowNonce) => void drop.run(account, belowNonce),
  }
}

function eventTables(db: DatabaseSync) {
  const put = db.prepare('INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?)')
  const drop = db.prepare('DELETE FROM events WHERE orderId = ? AND id = ?')
  const all = db.prepare('SELECT id, event, data FROM events WHERE orderId = ? ORDER BY id')
  return {
    /** Stores events and forgets others, by id, in one transaction. */
    saveEvents(orderId: string, events: readonly OrderEvent[], dropped: readonly number[]): void {
      db.exec('BEGIN')
      try {
        for (const { id, event, data } of events) put.run(orderId, id, event, data)
        for (const id of dropped) drop.run(orderId, id)
        db.exec('COMMIT')
      } catch (error) {
        db.exec('ROLLBACK')
        throw error
      }
    },
    eventsOf(orderId: string): OrderEvent[] {
      return all
        .all(orderId)
        .map((row) => ({ id: Number(row.id), event: String(row.event), data: String(row.data) }))
    },
  }
}

function factTables(db: DatabaseSync) {
  const put = db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)')
  const get = db.prepare('SELECT value FROM facts WHERE name = ?')
  const from = db.prepare('SELECT name, value FROM facts WHERE substr(name, 1, length(?1)) = ?1')
  return {
    saveFact(name: string, value: unknown): void {
      put.run(name, JSON.stringify(value))
    },
    fact<T>(name: string): T | undefined {
      const row = get.get(name)
      return row ? (JSON.parse(String(row.value)) as T) : undefined
    },
    /** All facts whose names begin so. */
    factsFrom<T>(prefix: string): { name: string; value: T }[] {
      return from
        .all(prefix)
        .map((row) => ({ name: String(row.name), value: JSON.parse(String(row.value)) as T }))
    },
  }
}
