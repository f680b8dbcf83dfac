import type { OrderSummary } from '../../server/api/schemas.ts'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { StatusChip } from '../order/StatusChip.tsx'
import { machineUrl, orderUrl } from '../url.ts'

const columns: readonly Column<OrderSummary>[] = [
  {
    header: 'Order',
    isRowHeader: true,
    cell: (order) => (
      <Link href={orderUrl(order.orderId)}>
        #{order.orderId} {order.jobName ?? 'job not in this store'}
      </Link>
    ),
  },
  { header: 'State', cell: (order) => <StatusChip status={order.status} /> },
  {
    header: 'Steps committed',
    cell: ({ committedSteps, steps }) =>
      `${formatCount(committedSteps)} of ${formatCount(steps)} (${formatPercent(committedSteps / steps)})`,
  },
  { header: 'Machine', cell: (order) => <Link href={machineUrl(order.machineId)}>#{order.machineId}</Link> },
  { header: 'Escrow', align: 'end', cell: (order) => <Dev wei={order.escrowWei} /> },
  {
    header: 'Paid',
    align: 'end',
    cell: (order) =>
      order.settledAt > 0 ? <Dev wei={order.paidWei} /> : <span className="text-muted">not yet</span>,
  },
  { header: 'Placed', cell: (order) => formatDateTime(order.placedAt) },
]

export const OrdersTable = ({ orders }: { orders: readonly OrderSummary[] }) => (
  <DataTable
    caption="Orders, newest first"
    columns={columns}
    rows={orders}
    rowKey={(order) => order.orderId}
  />
)
