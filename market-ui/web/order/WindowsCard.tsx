import type { Order, WindowRow } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock } from '../format/formatTime.ts'

const columns: readonly Column<WindowRow>[] = [
  { header: 'Window', isRowHeader: true, cell: (window) => formatCount(window.index) },
  {
    header: 'Segments',
    cell: ({ firstSegment, segments }) => `${firstSegment} to ${firstSegment + segments - 1}`,
  },
  {
    header: 'Root',
    cell: (window) => <Hash value={window.root} what={`the root of window ${window.index}`} />,
  },
  { header: 'Committed', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  {
    header: 'Transaction',
    cell: (window) => <TxHash value={window.txHash} what={`the transaction of window ${window.index}`} />,
  },
]

/** The windows committed on chain. */
export const WindowsCard = ({ order }: { order: Order }) => (
  <Card title="Windows" flush aside={`${order.windows.length} of ${order.totalWindows} committed`}>
    {order.windows.length === 0 ? (
      <p className="px-4 py-5 text-muted sm:px-6">
        None yet. The seller commits one after every{' '}
        {formatCount(order.stepsPerSegment * order.segmentsPerWindow)} steps; once it is on chain, its work
        cannot be changed unnoticed.
      </p>
    ) : (
      <DataTable
        caption="Windows committed on chain"
        columns={columns}
        rows={order.windows}
        rowKey={(window) => String(window.index)}
      />
    )}
  </Card>
)
