import { useQuery } from '@tanstack/react-query'
import type { Dispute, TimelineEntry } from '../../server/api/schemas.ts'
import { ApiProblem } from '../api/fetchJson.ts'
import { disputeQuery } from '../api/queries.ts'
import { eventWords } from '../audit/eventWords.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Facts } from '../components/Facts.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { useNow } from '../live/useNow.ts'
import { auditUrl, machineUrl, orderUrl } from '../url.ts'
import { AnyoneCard } from './AnyoneCard.tsx'
import { ClaimsCard } from './ClaimsCard.tsx'
import { DisputeChip } from './DisputesTable.tsx'
import { whatIsDisputed, whatIsNext } from './disputeWords.ts'
import { JuryCard } from './JuryCard.tsx'
import { MoneyCard } from './MoneyCard.tsx'

/** One dispute from its challenge to its end. */
const DisputePage = ({ disputeId }: { disputeId: string }) => {
  const query = useQuery(disputeQuery(disputeId))
  const isUnknown = query.error instanceof ApiProblem && query.error.status === 404
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-3 flex gap-4 text-sm">
        <Link href={auditUrl()}>Audit</Link>
        {query.data && <Link href={orderUrl(query.data.orderId, 'proofs')}>Order #{query.data.orderId}</Link>}
      </nav>
      <Heading disputeId={disputeId} dispute={query.data} />
      {isUnknown ? (
        <p className="mt-4 max-w-prose text-muted">
          The chain has no dispute {disputeId}, as far as it was followed. If it was just opened, it appears
          here by itself.
        </p>
      ) : (
        <Loaded query={query} what="the dispute" skeletonRows={8}>
          {(dispute) => <Parts dispute={dispute} />}
        </Loaded>
      )}
    </>
  )
}
export default DisputePage

const Heading = ({ disputeId, dispute }: { disputeId: string; dispute: Dispute | undefined }) => {
  const now = useNow()
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PageTitle title={`Dispute ${disputeId}`}>Dispute #{disputeId}</PageTitle>
        {dispute && <DisputeChip dispute={dispute} />}
      </div>
      {dispute && (
        <div className="mt-2 max-w-3xl text-pretty">
          <p>{whatIsDisputed(dispute)}</p>
          <p className="mt-1 text-muted">{whatIsNext(dispute, now)}</p>
        </div>
      )}
      <span role="status" className="sr-only">
        {dispute && `Dispute ${disputeId} is ${dispute.stage}`}
      </span>
    </>
  )
}

const Parts = ({ dispute }: { dispute: Dispute }) => (
  <div className="mt-6 grid gap-6 lg:grid-cols-3">
    <AnyoneCard dispute={dispute} className="lg:col-span-3" />
    <ClaimsCard dispute={dispute} className="lg:col-span-2" />
    <About dispute={dispute} />
    <JuryCard dispute={dispute} className="lg:col-span-3" />
    <MoneyCard dispute={dispute} className="lg:col-span-3" />
    <Card title="Timeline" flush className="lg:col-span-3" aside="oldest first">
      <DataTable
        caption="What happened in this dispute, oldest first"
        columns={entryColumns}
        rows={dispute.entries}
        rowKey={({ name, txHash, detail }) => `${name} ${txHash} ${detail}`}
      />
    </Card>
  </div>
)

const About = ({ dispute }: { dispute: Dispute }) => {
  const { orderId, machineId, segment, firstStep, lastStep, step, answer, deadlineAt } = dispute
  return (
    <Card title="About">
      <Facts
        facts={[
          [
            'Order',
            <Link key="order" href={orderUrl(orderId, 'proofs')}>
              #{orderId}
            </Link>,
          ],
          [
            'Machine',
            <Link key="machine" href={machineUrl(machineId)}>
              #{machineId}
            </Link>,
          ],
          ['Segment', formatCount(segment)],
          ['Its steps', `${formatCount(firstStep + 1)} to ${formatCount(lastStep)}`],
          ['Disputed', answer === 'steps' ? `step ${formatCount(firstStep + step)}` : 'all of it'],
          ['Bond', <Dev key="bond" wei={dispute.bondWei} />],
          ['Until', deadlineAt > 0 ? formatDateTime(deadlineAt) : 'no deadline runs'],
        ]}
      />
    </Card>
  )
}

const entryColumns: readonly Column<TimelineEntry>[] = [
  { header: 'What', isRowHeader: true, cell: ({ name }) => eventWords(name) },
  { header: 'Detail', cell: ({ detail }) => detail ?? <span className="text-muted">–</span> },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatDateTime(at)) },
  { header: 'Block', align: 'end', cell: ({ blockNumber }) => formatCount(blockNumber) },
  {
    header: 'Transaction',
    cell: ({ txHash, name }) => <TxHash value={txHash} what={`the transaction: ${eventWords(name)}`} />,
  },
]
