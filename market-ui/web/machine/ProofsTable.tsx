import type { OrderSummary } from '../../server/api/schemas.ts'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { StatusChip } from '../order/StatusChip.tsx'
import { orderUrl } from '../url.ts'

const speed = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** Steps that the chain has roots of, over the time between the start and the end that the chain saw. */
const stepsPerSecond = ({ committedSteps, startedAt, endedAt }: OrderSummary): string =>
  endedAt > startedAt && startedAt > 0
    ? `${speed.format(committedSteps / (endedAt - startedAt))} steps/s`
    : 'not ended'

const columns: readonly Column<OrderSummary>[] = [
  {
    header: 'Order',
    isRowHeader: true,
    cell: ({ orderId, jobName }) => (
      <Link href={orderUrl(orderId)}>
        #{orderId} {jobName ?? 'job not in this store'}
      </Link>
    ),
  },
  { header: 'State', cell: ({ status }) => <StatusChip status={status} /> },
  {
    header: 'Segments committed',
    align: 'end',
    cell: ({ committedSegments }) => formatCount(committedSegments),
  },
  {
    header: 'Re-run and passed',
    align: 'end',
    cell: ({ passedSegments }) => formatCount(passedSegments),
  },
  { header: 'Speed, by the chain', align: 'end', cell: stepsPerSecond },
  {
    header: 'Settled',
    cell: ({ settledAt }) => (settledAt > 0 ? formatDateTime(settledAt) : 'not yet'),
  },
]

/** What of the machine's work is on chain, and how much of it auditors ran again. */
export const ProofsTable = ({ orders }: { orders: readonly OrderSummary[] }) => {
  const proved = orders.filter(({ committedSegments }) => committedSegments > 0)
  return proved.length === 0 ? (
    <p className="px-4 py-5 text-muted sm:px-6">No work of it is on chain yet.</p>
  ) : (
    <DataTable
      caption="Proofs of this machine's work, newest first"
      columns={columns}
      rows={proved}
      rowKey={({ orderId }) => orderId}
    />
  )
}
