import { Client, Pool, types } from 'pg'
import { ConfigError } from '../errors.ts'
import type { Database, SqlRow, SqlValue, Write } from './Database.ts'

const SCHEMA = 'trainyard'
/** Any number that other programs are unlikely to lock: "yard" in ASCII. */
const FOLLOWER_LOCK = 0x79617264
const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 30_000
const MAX_READERS = 8
const INT8 = 20

/** Block numbers, ids and seconds are 64-bit columns and far below 2^53. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : types.getTypeParser(oid, format as 'text'),
}

/**
 * A Postgres database, in a schema of its own. Only one market server may follow into it: whoever writes holds a lock
 * for as long as its connection lives.
 */
export class PostgresDatabase implements Database {
  readonly #options: ConstructorParameters<typeof Client>[0] & object
  readonly #readers: Pool
  #writer: Client | undefined

  constructor(url: string) {
    this.#options = {
      connectionString: url,
      types: numbers as never,
      options: `-c search_path=${SCHEMA}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'trainyard market',
    }
    this.#readers = new Pool({ ...this.#options, max: MAX_READERS })
    this.#readers.on('error', () => undefined) // an idle connection broke; the next query opens another
  }

  async all(sql: string, values: readonly SqlValue[] = []): Promise<SqlRow[]> {
    return (await this.#readers.query(numbered(sql), [...values])).rows as SqlRow[]
  }

  async write(writes: readonly Write[]): Promise<void> {
    const client = await this.#lockedWriter()
    await client.query('BEGIN')
    try {
      for (const { sql, rows } of writes) {
        const text = numbered(sql)
        for (const row of rows) await client.query(text, [...row])
      }
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => this.#drop(client)) // a broken connection rolls back by itself
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#writer?.end()
    await this.#readers.end()
  }

  /** Throws ConfigError while another server follows into the same database. */
  async #lockedWriter(): Promise<Client> {
    if (this.#writer) return this.#writer
    const client = new Client(this.#options)
    client.on('error', () => this.#drop(client))
    await client.connect()
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS locked', [FOLLOWER_LOCK])
    if ((rows[0] as { locked: boolean }).locked !== true) {
      await client.end()
      throw new ConfigError(
        'Another market server follows into this database. Give each a database of its own.',
      )
    }
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`)
    this.#writer = client
    return client
  }

  #drop(client: Client): void {
    if (this.#writer === client) this.#writer = undefined
    void client.end().catch(() => undefined)
  }
}

/** Postgres counts its placeholders. */
const numbered = (sql: string): string => {
  let count = 0
  return sql.replaceAll('?', () => `$${++count}`)
}
