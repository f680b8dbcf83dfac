import type { OrderSummary } from '../../server/api/schemas.ts'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock, formatSeconds } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { StatusChip } from '../order/StatusChip.tsx'
import { orderUrl } from '../url.ts'

const columns: readonly Column<OrderSummary>[] = [
  {
    header: 'Order',
    isRowHeader: true,
    cell: ({ orderId, jobName }) => (
      <Link href={orderUrl(orderId, 'proofs')}>
        #{orderId} {jobName ?? 'job not in this store'}
      </Link>
    ),
  },
  { header: 'State', cell: ({ status }) => <StatusChip status={status} /> },
  {
    header: 'Drawn',
    cell: ({ drawnSegments, committedSegments }) =>
      drawnSegments === 0
        ? 'not yet'
        : `${formatCount(drawnSegments)} of ${formatCount(committedSegments)} segments`,
  },
  { header: 'Verdicts', cell: ({ verdictsGiven }) => `${formatCount(verdictsGiven)} given` },
  { header: 'Until', cell: ({ auditDeadlineAt }) => <Until at={auditDeadlineAt} /> },
]

const Until = ({ at }: { at: number }) => {
  const now = useNow()
  if (at === 0) return 'not known'
  return at > now ? `${formatClock(at)}, in ${formatSeconds(at - now)}` : 'over: anyone may settle it'
}

/** Orders whose drawn segments are being re-run. */
export const OpenDraws = ({ orders }: { orders: readonly OrderSummary[] }) => (
  <DataTable
    caption="Orders in audit, newest first"
    columns={columns}
    rows={orders}
    rowKey={({ orderId }) => orderId}
  />
)
