import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { type Column, DataTable, HeaderRow, TableCell } from './DataTable.tsx'

type Props<Row> = {
  readonly caption: string
  readonly columns: readonly (Column<Row> & { readonly width: string })[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}

/** Up to here all rows are drawn: the browser's own search then finds them. */
const MAX_WHOLE = 100
const WIDE_ROW_PX = 56
const CARD_PX = 248
const SPARE_ROWS = 8

/** A table of any length that draws only the rows near the screen. All rows are of one height, which makes that exact. */
export const VirtualTable = <Row,>(props: Props<Row>) =>
  props.rows.length <= MAX_WHOLE ? <DataTable {...props} showsAll /> : <Windowed {...props} />

const Windowed = <Row,>({ caption, columns, rows, rowKey }: Props<Row>) => {
  const body = useRef<HTMLTableSectionElement>(null)
  const rowPx = useSyncExternalStore(onWidth, () => (isNarrow.matches ? CARD_PX : WIDE_ROW_PX))
  const { first, end } = useWindow(body, rows.length, rowPx)
  return (
    <table
      // biome-ignore lint/a11y/noRedundantRoles: see DataTable
      role="table"
      aria-rowcount={rows.length + 1}
      className="stack rows-fixed w-full table-fixed border-collapse text-left"
    >
      <caption className="sr-only">{caption}</caption>
      <colgroup>
        {columns.map(({ header, width }) => (
          <col key={header} className={width} />
        ))}
      </colgroup>
      <HeaderRow columns={columns} />
      {/* biome-ignore lint/a11y/noRedundantRoles: see DataTable */}
      <tbody ref={body} role="rowgroup">
        <Gap px={first * rowPx} columns={columns.length} />
        {rows.slice(first, end).map((row, index) => (
          // biome-ignore lint/a11y/noRedundantRoles: see DataTable
          <tr key={rowKey(row)} role="row" aria-rowindex={first + index + 2} className="border-t border-line">
            {columns.map((column) => (
              <TableCell key={column.header} column={column} row={row} />
            ))}
          </tr>
        ))}
        <Gap px={(rows.length - end) * rowPx} columns={columns.length} />
      </tbody>
    </table>
  )
}

/** The room of the rows that are not drawn. */
const Gap = ({ px, columns }: { px: number; columns: number }) =>
  px > 0 && (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row of a table takes no focus
    <tr aria-hidden="true" className="gap-row">
      <td colSpan={columns} style={{ height: px }} />
    </tr>
  )

const isNarrow = matchMedia('(width < 40rem)')
const onWidth = (onChange: () => void): (() => void) => {
  isNarrow.addEventListener('change', onChange)
  return () => isNarrow.removeEventListener('change', onChange)
}

/** Which rows are near the screen: [first, end). */
const useWindow = (body: RefObject<HTMLElement | null>, count: number, rowPx: number) => {
  const [seen, setSeen] = useState({ first: 0, rows: 20 })
  useEffect(() => {
    const look = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0
      const first = Math.max(0, Math.floor(-top / rowPx) - SPARE_ROWS)
      const rows = Math.ceil(innerHeight / rowPx) + 2 * SPARE_ROWS
      setSeen((before) => (before.first === first && before.rows === rows ? before : { first, rows }))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [body, rowPx])
  const first = Math.min(seen.first, Math.max(0, count - 1))
  return { first, end: Math.min(count, first + seen.rows) }
}
