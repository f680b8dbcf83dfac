import type { Database } from './Database.ts'
import { SqliteDatabase } from './SqliteDatabase.ts'
import { prepareSchema } from './schema.ts'

/**
 * Opens the follower's database: Postgres where a URL is given, else a file in `dataDir`. Postgres' code is loaded only
 * then. Rejects if it cannot be reached, or ConfigError if another server follows into it.
 */
export const openDatabase = async (dataDir: string, postgresUrl?: string): Promise<Database> => {
  const isPostgres = postgresUrl !== undefined
  const db = isPostgres
    ? new (await import('./PostgresDatabase.ts')).PostgresDatabase(postgresUrl)
    : new SqliteDatabase(dataDir)
  try {
    await db.write([]) // so that a database one cannot write to is noticed now
    await prepareSchema(
      db,
      isPostgres ? { integer: 'BIGINT', afterTable: '' } : { integer: 'INTEGER', afterTable: ' STRICT' },
    )
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}
