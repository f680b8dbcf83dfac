import { type ReactNode, useState } from 'react'

export type Column<Row> = {
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand at the end, where their digits line up. */
  readonly align?: 'end'
  /** In one line where rows are rows; cards may break it. */
  readonly isOneLine?: boolean
  /** The cell that names the row. */
  readonly isRowHeader?: boolean
}

type Props<Row> = {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** More rows than this wait for a click. */
  readonly firstRows?: number
}

/**
 * A real table that turns into cards on narrow screens. The roles are written out because `display: block`, which the
 * cards need, takes them away in some browsers.
 */
export const DataTable = <Row,>({ rows, firstRows = 25, ...rest }: Props<Row>) => {
  const [showsAll, setShowsAll] = useState(false)
  if (showsAll || rows.length <= firstRows) return <Rows rows={rows} {...rest} />
  return (
    <>
      <Rows rows={rows.slice(0, firstRows)} {...rest} />
      <p className="border-t border-line px-4 py-3 sm:px-6">
        <button
          type="button"
          onClick={() => setShowsAll(true)}
          className="font-medium text-accent underline underline-offset-4 hover:decoration-2"
        >
          Show all {rows.length}
        </button>
      </p>
    </>
  )
}

const Rows = <Row,>({ caption, columns, rows, rowKey }: Omit<Props<Row>, 'firstRows'>) => (
  // biome-ignore lint/a11y/noRedundantRoles: see above
  <table role="table" className="stack w-full border-collapse text-left">
    <caption className="sr-only">{caption}</caption>
    <HeaderRow columns={columns} />
    {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
    <tbody role="rowgroup">
      {rows.map((row) => (
        // biome-ignore lint/a11y/noRedundantRoles: see above
        <tr key={rowKey(row)} role="row" className="border-t border-line max-sm:first:border-t-0">
          {columns.map((column) => (
            <TableCell key={column.header} column={column} row={row} />
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

/** The names of the columns. */
const HeaderRow = <Row,>({ columns }: { columns: readonly Column<Row>[] }) => (
  // biome-ignore lint/a11y/noRedundantRoles: see DataTable
  <thead role="rowgroup">
    {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
    <tr role="row">
      {columns.map((column) => (
        <th
          key={column.header}
          // biome-ignore lint/a11y/noRedundantRoles: see above
          role="columnheader"
          scope="col"
          className={`px-3 py-2.5 text-sm font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4 sm:first:pl-6 sm:last:pr-6 ${column.align === 'end' ? 'text-right' : ''}`}
        >
          {column.header}
        </th>
      ))}
    </tr>
  </thead>
)

/** One cell, with its column's name for when rows are cards. */
const TableCell = <Row,>({ column, row }: { column: Column<Row>; row: Row }) => {
  const align = column.align === 'end' ? 'text-right' : ''
  const look = `px-3 py-2.5 sm:first:pl-6 sm:last:pr-6 ${align} ${column.isOneLine ? 'sm:whitespace-nowrap' : ''}`
  const content = <div className="min-w-0">{column.cell(row)}</div>
  return column.isRowHeader ? (
    // biome-ignore lint/a11y/noRedundantRoles: see DataTable
    <th role="rowheader" scope="row" data-label={column.header} className={`${look} font-medium`}>
      {content}
    </th>
  ) : (
    // biome-ignore lint/a11y/noRedundantRoles: see DataTable
    <td role="cell" data-label={column.header} className={look}>
      {content}
    </td>
  )
}
