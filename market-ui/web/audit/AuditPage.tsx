import { useQuery } from '@tanstack/react-query'
import type { Activity, OrderSummary } from '../../server/api/schemas.ts'
import { activityQuery, disputesQuery, ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { DisputesTable } from '../dispute/DisputesTable.tsx'
import { formatCount, formatPercent, formatPlural } from '../format/formatNumber.ts'
import { formatClock } from '../format/formatTime.ts'
import { orderUrl } from '../url.ts'
import { useWallet } from '../wallet/useWallet.ts'
import { AuditorsCard } from './AuditorsCard.tsx'
import { eventWords } from './eventWords.ts'
import { OpenDraws } from './OpenDraws.tsx'
import { OwnAudits } from './OwnAudits.tsx'

const MAX_ORDERS = 200

/** What is being proved, what was found, and everything that happened last. */
const AuditPage = () => {
  const orders = useQuery(ordersQuery({ limit: MAX_ORDERS }))
  const disputes = useQuery(disputesQuery())
  const activity = useQuery(activityQuery())
  const { account } = useWallet()
  return (
    <>
      <PageTitle title="Audit">Audit</PageTitle>
      <p className="mt-2 max-w-3xl text-muted">
        Auditors drawn by lot share out the drawn segments, a third of them to two, re-run them and compare
        the weights bit for bit. What they find wrong they challenge under bond, and a jury drawn by lot
        decides. Everything here is read from the chain; each line has its transaction.
      </p>
      <div className="mt-6 grid gap-6 lg:grid-cols-3">
        <Loaded query={orders} what="audits" skeletonRows={4}>
          {({ orders }) => <Audits orders={orders} />}
        </Loaded>
        <AuditorsCard className={account ? 'lg:col-span-2' : 'lg:col-span-3'} />
        {account && <OwnAudits account={account} />}
        <Card
          title="Open disputes"
          flush
          className="lg:col-span-3"
          aside={disputes.data && formatPlural(disputes.data.total, 'dispute')}
        >
          <Loaded query={disputes} what="disputes" skeletonRows={2}>
            {({ disputes }) =>
              disputes.length === 0 ? (
                <p className="px-4 py-5 text-muted sm:px-6">Nothing is disputed now.</p>
              ) : (
                <DisputesTable disputes={disputes} withOrder />
              )
            }
          </Loaded>
        </Card>
        <Card title="Proof feed" flush className="lg:col-span-3" aside="newest first">
          <Loaded query={activity} what="the feed" skeletonRows={5}>
            {({ activity }) =>
              activity.length === 0 ? (
                <p className="px-4 py-5 text-muted sm:px-6">Nothing has happened yet.</p>
              ) : (
                <DataTable
                  caption="What happened to orders, newest first"
                  columns={columns}
                  rows={activity}
                  rowKey={({ blockNumber, logIndex }) => `${blockNumber}-${logIndex}`}
                  firstRows={12}
                />
              )
            }
          </Loaded>
        </Card>
      </div>
    </>
  )
}
export default AuditPage

const Audits = ({ orders }: { orders: readonly OrderSummary[] }) => {
  const open = orders.filter(({ status }) => status === 'Auditing' || status === 'Disputed')
  const settled = orders.filter(({ settledAt }) => settledAt > 0)
  const count = (...reasons: string[]) =>
    settled.filter(({ closeReason }) => reasons.includes(closeReason ?? '')).length
  return (
    <>
      <Card title="Open draws" flush className="lg:col-span-2" aside={formatPlural(open.length, 'order')}>
        {open.length === 0 ? (
          <p className="px-4 py-5 text-muted sm:px-6">No order is being audited now.</p>
        ) : (
          <OpenDraws orders={open} />
        )}
      </Card>
      <Card title="Outcomes" aside={`of the last ${formatPlural(settled.length, 'settled order')}`}>
        <Facts
          facts={[
            ['Segments re-run and passed', coverage(settled)],
            ['All drawn segments passed', formatCount(count('WORK_COMPLETED'))],
            ['Fraud proved', formatCount(count('FRAUD_PROVED'))],
            ['Work not shown', formatCount(count('CHECKPOINTS_UNAVAILABLE'))],
            ['Neither proved nor disproved', formatCount(count('AUDITORS_SILENT'))],
            [
              'Ended by buyer or clock',
              formatCount(
                count('BUYER_CANCELLED', 'SELLER_DID_NOT_START', 'SELLER_OVERRAN', 'SELLER_GAVE_UP'),
              ),
            ],
          ]}
        />
      </Card>
    </>
  )
}

/** How much of the work that was paid for somebody has done again. */
const coverage = (settled: readonly OrderSummary[]): string => {
  const sum = (of: (order: OrderSummary) => number) => settled.reduce((total, order) => total + of(order), 0)
  const [passed, committed] = [sum((order) => order.passedSegments), sum((order) => order.committedSegments)]
  if (committed === 0) return 'none yet'
  return `${formatCount(passed)} of ${formatCount(committed)} (${formatPercent(passed / committed)})`
}

type Entry = Activity['activity'][number]

const columns: readonly Column<Entry>[] = [
  { header: 'What', isRowHeader: true, cell: ({ name }) => eventWords(name) },
  { header: 'Order', cell: ({ orderId }) => <Link href={orderUrl(orderId)}>#{orderId}</Link> },
  {
    header: 'Detail',
    cell: ({ detail, account }) =>
      account === null ? (
        (detail ?? <span className="text-muted">–</span>)
      ) : (
        <span className="inline-flex flex-wrap items-center gap-x-2">
          <Hash value={account} what="the account's address" />
          {detail !== account && detail}
        </span>
      ),
  },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  { header: 'Block', align: 'end', cell: ({ blockNumber }) => formatCount(blockNumber) },
  { header: 'Transaction', cell: ({ txHash }) => <TxHash value={txHash} what="the transaction" /> },
]
