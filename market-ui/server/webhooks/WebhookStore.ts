import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type Webhook = {
  readonly id: string
  readonly account: string
  readonly url: string
  readonly secret: string
  readonly createdAt: number
  /** Events of earlier blocks are not told. */
  readonly fromBlock: number
  readonly failures: number
  /** 0: not tried yet. */
  readonly lastTriedAt: number
  /** What went wrong the last time; empty if nothing did. */
  readonly lastProblem: string
}

const SENT_KEPT = 2_000

/** Who wants to be told where. It outlives the rows of the chain, which may be read anew. */
export class WebhookStore {
  readonly #db: DatabaseSync

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    this.#db = new DatabaseSync(join(dataDir, 'webhooks.sqlite'), { timeout: 5_000 })
    this.#db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS webhooks (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, createdAt INTEGER NOT NULL,
        fromBlock INTEGER NOT NULL, failures INTEGER NOT NULL, lastTriedAt INTEGER NOT NULL, lastProblem TEXT NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS sent (
        webhook TEXT NOT NULL, notice TEXT NOT NULL, sentAt INTEGER NOT NULL, PRIMARY KEY (webhook, notice)
      ) STRICT;
    `)
  }

  add(facts: Pick<Webhook, 'account' | 'url' | 'createdAt' | 'fromBlock'>): Webhook {
    const webhook: Webhook = {
      ...facts,
      id: randomBytes(8).toString('hex'),
      secret: randomBytes(32).toString('hex'),
      failures: 0,
      lastTriedAt: 0,
      lastProblem: '',
    }
    this.#db
      .prepare('INSERT INTO webhooks VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)')
      .run(webhook.id, webhook.account, webhook.url, webhook.secret, webhook.createdAt, webhook.fromBlock, '')
    return webhook
  }

  /** Of one account, or all. */
  list(account?: string): Webhook[] {
    const rows =
      account === undefined
        ? this.#db.prepare('SELECT * FROM webhooks ORDER BY createdAt, id').all()
        : this.#db.prepare('SELECT * FROM webhooks WHERE account = ? ORDER BY createdAt, id').all(account)
    return rows as unknown as Webhook[]
  }

  /** Returns whether the account had it. */
  remove(account: string, id: string): boolean {
    this.#db.prepare('DELETE FROM sent WHERE webhook = ?').run(id)
    return this.#db.prepare('DELETE FROM webhooks WHERE id = ? AND account = ?').run(id, account).changes > 0
  }

  wasSent(id: string, notice: string): boolean {
    return (
      this.#db.prepare('SELECT 1 FROM sent WHERE webhook = ? AND notice = ?').get(id, notice) !== undefined
    )
  }

  noteSent(id: string, notice: string, atSeconds: number): void {
    this.#db.prepare('INSERT OR IGNORE INTO sent VALUES (?, ?, ?)').run(id, notice, atSeconds)
    this.#db
      .prepare(
        'DELETE FROM sent WHERE webhook = ?1 AND notice NOT IN (SELECT notice FROM sent WHERE webhook = ?1 ORDER BY sentAt DESC, rowid DESC LIMIT ?2)',
      )
      .run(id, SENT_KEPT)
    this.#db
      .prepare("UPDATE webhooks SET failures = 0, lastTriedAt = ?, lastProblem = '' WHERE id = ?")
      .run(atSeconds, id)
  }

  noteFailure(id: string, problem: string, atSeconds: number): void {
    this.#db
      .prepare('UPDATE webhooks SET failures = failures + 1, lastTriedAt = ?, lastProblem = ? WHERE id = ?')
      .run(atSeconds, problem.slice(0, 200), id)
  }

  close(): void {
    this.#db.close()
  }
}
