export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

/** One statement, run once for each row of values; `?` stands for each value in turn. */
export type Write = { readonly sql: string; readonly rows: readonly (readonly SqlValue[])[] }

/**
 * Where the follower keeps what it has read: SQLite or Postgres. Both understand the SQL that is used here: quoted
 * names, `ON CONFLICT`, no JSON operators. Whole numbers come back as numbers.
 */
export type Database = {
  readonly all: (sql: string, values?: readonly SqlValue[]) => Promise<SqlRow[]>
  /** All of it or nothing. Only the follower writes, one write at a time. */
  readonly write: (writes: readonly Write[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** A statement that is run once. */
export const once = (sql: string, ...values: SqlValue[]): Write => ({ sql, rows: [values] })
