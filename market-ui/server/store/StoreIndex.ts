import { DatabaseSync } from 'node:sqlite'

export type StoredBlock = { readonly name: string; readonly bytes: number; readonly sender: string }

/** Who put which block and when. What is on disk counts; this says only whose it is and what may go first. */
export class StoreIndex {
  readonly #db: DatabaseSync

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { timeout: 5_000 })
    this.#db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS blocks (
        name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, sender TEXT NOT NULL, putAtMs INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS blocksOfSender ON blocks (sender, putAtMs);
      CREATE INDEX IF NOT EXISTS blocksByAge ON blocks (putAtMs);
    `)
  }

  names(): Set<string> {
    return new Set(
      this.#db
        .prepare('SELECT name FROM blocks')
        .all()
        .map((row) => String(row.name)),
    )
  }

  /** Notes that a block was put. Who had put it before keeps it; its age starts again. */
  note({ name, bytes, sender }: StoredBlock, atMs: number): void {
    this.#db
      .prepare(
        'INSERT INTO blocks (name, bytes, sender, putAtMs) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET putAtMs = excluded.putAtMs',
      )
      .run(name, bytes, sender, atMs)
  }

  forget(name: string): void {
    this.#db.prepare('DELETE FROM blocks WHERE name = ?').run(name)
  }

  usedBytes(sender?: string): number {
    const row =
      sender === undefined
        ? this.#db.prepare('SELECT SUM(bytes) AS used FROM blocks').get()
        : this.#db.prepare('SELECT SUM(bytes) AS used FROM blocks WHERE sender = ?').get(sender)
    return Number(row?.used ?? 0)
  }

  /** Blocks put before a time, oldest first, of one sender or of all. */
  olderThan(atMs: number, sender?: string): StoredBlock[] {
    const rows =
      sender === undefined
        ? this.#db.prepare('SELECT * FROM blocks WHERE putAtMs < ? ORDER BY putAtMs').all(atMs)
        : this.#db
            .prepare('SELECT * FROM blocks WHERE putAtMs < ? AND sender = ? ORDER BY putAtMs')
            .all(atMs, sender)
    return rows as unknown as StoredBlock[]
  }

  close(): void {
    this.#db.close()
  }
}
