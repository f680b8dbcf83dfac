import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ChainId } from '../db/rowTypes.ts'

/** How often a machine was asked on a day, counted in days since 1970, and how often it answered. */
export type UptimeDay = { readonly day: number; readonly asked: number; readonly answered: number }

/** What a machine's endpoint said of itself when it answered last: JSON, checked by whoever asked. */
export type Said = { readonly atSeconds: number; readonly text: string }

export type Uptime = {
  /** Oldest first, days on which it was not asked left out. */
  readonly days: readonly UptimeDay[]
  readonly askedAt: number
  /** 0: never. */
  readonly answeredAt: number
  readonly said: Said | null
}

export type Answer = { readonly machineId: number; readonly isUp: boolean; readonly said?: string }

const DAY_SECONDS = 86_400
const KEPT_DAYS = 30

export const dayOf = (atSeconds: number): number => Math.floor(atSeconds / DAY_SECONDS)

/**
 * What this server saw of machines' endpoints. No chain has it, so it outlives the followed rows, and belongs to one
 * deployment: machines of another have the same numbers.
 */
export class UptimeStore {
  readonly #db: DatabaseSync
  #known = new Map<number, Uptime>()
  #deployment = ''
  #revision = 0

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    this.#db = new DatabaseSync(join(dataDir, 'uptime.sqlite'), { timeout: 5_000 })
    this.#db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS days (
        deployment TEXT NOT NULL, machineId INTEGER NOT NULL, day INTEGER NOT NULL, asked INTEGER NOT NULL,
        answered INTEGER NOT NULL, PRIMARY KEY (deployment, machineId, day)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS last (
        deployment TEXT NOT NULL, machineId INTEGER NOT NULL, askedAt INTEGER NOT NULL, answeredAt INTEGER NOT NULL,
        saidAt INTEGER NOT NULL, said TEXT, PRIMARY KEY (deployment, machineId)
      ) STRICT, WITHOUT ROWID;
    `)
  }

  /** Grows with everything that is noted. */
  get revision(): number {
    return this.#revision
  }

  of(machineId: number): Uptime | undefined {
    return this.#known.get(machineId)
  }

  /** From here on it speaks of this deployment's machines; what it knew of others is forgotten. */
  use({ genesisHash, market }: Pick<ChainId, 'genesisHash' | 'market'>): void {
    const deployment = `${genesisHash} ${market}`
    if (deployment === this.#deployment) return
    this.#deployment = deployment
    for (const table of ['days', 'last'])
      this.#db.prepare(`DELETE FROM ${table} WHERE deployment <> ?`).run(deployment)
    this.#known = this.#load()
    this.#revision += 1
  }

  /** Notes what machines answered to one question each. */
  note(answers: readonly Answer[], atSeconds: number): void {
    const day = dayOf(atSeconds)
    const [count, last] = [this.#db.prepare(COUNT), this.#db.prepare(LAST)]
    this.#db.exec('BEGIN')
    try {
      for (const answer of answers) {
        const now = after(this.#known.get(answer.machineId), answer, atSeconds)
        this.#known.set(answer.machineId, now)
        count.run(this.#deployment, answer.machineId, day, answer.isUp ? 1 : 0)
        const { askedAt, answeredAt, said } = now
        last.run(
          this.#deployment,
          answer.machineId,
          askedAt,
          answeredAt,
          said?.atSeconds ?? 0,
          said?.text ?? null,
        )
      }
      this.#db.prepare('DELETE FROM days WHERE day <= ?').run(day - KEPT_DAYS)
    } finally {
      this.#db.exec('COMMIT')
    }
    this.#revision += 1
  }

  close(): void {
    this.#db.close()
  }

  #load(): Map<number, Uptime> {
    const known = new Map<number, Uptime>()
    const days = Map.groupBy(
      this.#db.prepare('SELECT * FROM days WHERE deployment = ? ORDER BY day').all(this.#deployment),
      (row) => Number(row.machineId),
    )
    for (const row of this.#db.prepare('SELECT * FROM last WHERE deployment = ?').all(this.#deployment)) {
      const machineId = Number(row.machineId)
      known.set(machineId, {
        days: (days.get(machineId) ?? []).map(({ day, asked, answered }) => ({
          day: Number(day),
          asked: Number(asked),
          answered: Number(answered),
        })),
        askedAt: Number(row.askedAt),
        answeredAt: Number(row.answeredAt),
        said: row.said === null ? null : { atSeconds: Number(row.saidAt), text: String(row.said) },
      })
    }
    return known
  }
}

const COUNT = `INSERT INTO days VALUES (?, ?, ?, 1, ?) ON CONFLICT (deployment, machineId, day)
  DO UPDATE SET asked = asked + 1, answered = answered + excluded.answered`
const LAST = `INSERT INTO last VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (deployment, machineId) DO UPDATE SET
  askedAt = excluded.askedAt, answeredAt = excluded.answeredAt, saidAt = excluded.saidAt, said = excluded.said`

const after = (before: Uptime | undefined, { isUp, said }: Answer, atSeconds: number): Uptime => {
  const day = dayOf(atSeconds)
  const days = (before?.days ?? []).filter((one) => one.day > day - KEPT_DAYS)
  const today = days.find((one) => one.day === day) ?? { day, asked: 0, answered: 0 }
  return {
    days: [
      ...days.filter((one) => one.day !== day),
      { day, asked: today.asked + 1, answered: today.answered + (isUp ? 1 : 0) },
    ],
    askedAt: atSeconds,
    answeredAt: isUp ? atSeconds : (before?.answeredAt ?? 0),
    said: said === undefined ? (before?.said ?? null) : { atSeconds, text: said },
  }
}
