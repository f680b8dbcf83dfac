import type { DisputeSummary } from '../../server/api/schemas.ts'
import { Chip } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatClock } from '../format/formatTime.ts'
import { disputeUrl, orderUrl } from '../url.ts'
import { stageWord } from './disputeWords.ts'

const orderColumn: Column<DisputeSummary> = {
  header: 'Order',
  cell: ({ orderId }) => <Link href={orderUrl(orderId)}>#{orderId}</Link>,
}

const columns: readonly Column<DisputeSummary>[] = [
  {
    header: 'Dispute',
    isRowHeader: true,
    cell: ({ id }) => <Link href={disputeUrl(id)}>Dispute #{id}</Link>,
  },
  { header: 'State', cell: (dispute) => <DisputeChip dispute={dispute} /> },
  {
    header: 'About',
    cell: ({ segment, firstStep, step, answer }) =>
      answer === 'steps' ? `step ${formatCount(firstStep + step)}, segment ${segment}` : `segment ${segment}`,
  },
  {
    header: 'Challenger',
    cell: ({ challenger }) => <Hash value={challenger} what="the challenger's address" />,
  },
  { header: 'Bond', align: 'end', cell: ({ bondWei }) => <Dev wei={bondWei} /> },
  {
    header: 'Until',
    cell: ({ deadlineAt }) =>
      deadlineAt > 0 ? formatClock(deadlineAt) : <span className="text-muted">–</span>,
  },
]

/** Disputes with a link to each. */
export const DisputesTable = ({
  disputes,
  withOrder = false,
}: {
  disputes: readonly DisputeSummary[]
  withOrder?: boolean
}) => (
  <DataTable
    caption="Disputes"
    columns={withOrder ? columns.toSpliced(1, 0, orderColumn) : columns}
    rows={disputes}
    rowKey={({ id }) => id}
  />
)

/** Where a dispute stands, or who was right. */
export const DisputeChip = ({ dispute }: { dispute: DisputeSummary }) => {
  const { tone, text } = stageWord(dispute)
  return <Chip tone={tone}>{text}</Chip>
}
