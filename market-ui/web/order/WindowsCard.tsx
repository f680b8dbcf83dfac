import type { Order, SealedWindow, WindowRow } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock } from '../format/formatTime.ts'

/** A sealed window has no root that anybody knows. */
type Row = SealedWindow & Partial<Pick<WindowRow, 'root'>>

const columns: readonly Column<Row>[] = [
  { header: 'Window', isRowHeader: true, cell: (window) => formatCount(window.index) },
  {
    header: 'Segments',
    cell: ({ firstSegment, segments }) => `${firstSegment} to ${firstSegment + segments - 1}`,
  },
  {
    header: 'Root',
    cell: ({ root, index }) =>
      root === undefined ? 'sealed' : <Hash value={root} what={`the root of window ${index}`} />,
  },
  { header: 'Committed', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  {
    header: 'Transaction',
    cell: (window) => <TxHash value={window.txHash} what={`the transaction of window ${window.index}`} />,
  },
]

/** The windows committed on chain. */
export const WindowsCard = ({ order }: { order: Order }) => {
  const rows: readonly Row[] = [...order.windows, ...order.sealedWindows]
  const sealed = order.sealedWindows.length === 0 ? '' : `, ${order.sealedWindows.length} sealed`
  return (
    <Card title="Windows" flush aside={`${rows.length} of ${order.totalWindows} committed${sealed}`}>
      {rows.length === 0 ? (
        <p className="px-4 py-5 text-muted sm:px-6">
          None yet. The seller commits one after every{' '}
          {formatCount(order.stepsPerSegment * order.segmentsPerWindow)} steps; once it is on chain, its work
          cannot be changed unnoticed.
        </p>
      ) : (
        <DataTable
          caption="Windows committed on chain"
          columns={columns}
          rows={rows}
          rowKey={(window) => String(window.index)}
        />
      )}
    </Card>
  )
}
