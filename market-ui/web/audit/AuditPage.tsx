import { useQuery } from '@tanstack/react-query'
import type { Activity, OrderSummary } from '../../server/api/schemas.ts'
import { activityQuery, ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import { formatClock } from '../format/formatTime.ts'
import { OrdersTable } from '../market/OrdersTable.tsx'
import { orderUrl } from '../url.ts'

const MAX_ORDERS = 200

/** What is being proved, what was found, and everything that happened last. */
const AuditPage = () => {
  const orders = useQuery(ordersQuery({ limit: MAX_ORDERS }))
  const activity = useQuery(activityQuery())
  return (
    <>
      <PageTitle title="Audit">Audit</PageTitle>
      <p className="mt-2 max-w-3xl text-muted">
        Auditors drawn by lot re-run drawn segments and compare the weights bit for bit. Everything here is
        read from the chain; each line has its transaction.
      </p>
      <div className="mt-6 grid gap-6 lg:grid-cols-3">
        <Loaded query={orders} what="audits" skeletonRows={4}>
          {({ orders }) => <Audits orders={orders} />}
        </Loaded>
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
  const count = (...reasons: string[]) =>
    orders.filter(({ closeReason }) => reasons.includes(closeReason ?? '')).length
  const settled = orders.filter(({ settledAt }) => settledAt > 0).length
  return (
    <>
      <Card title="Open draws" flush className="lg:col-span-2" aside={formatPlural(open.length, 'order')}>
        {open.length === 0 ? (
          <p className="px-4 py-5 text-muted sm:px-6">No order is being audited now.</p>
        ) : (
          <OrdersTable orders={open} />
        )}
      </Card>
      <Card title="Verdicts" aside={`of the last ${formatPlural(settled, 'settled order')}`}>
        <Facts
          facts={[
            ['All drawn segments passed', formatCount(count('WORK_COMPLETED'))],
            ['Fraud proved', formatCount(count('FRAUD_PROVED'))],
            ['Work not shown', formatCount(count('CHECKPOINTS_UNAVAILABLE'))],
            ['Auditors silent', formatCount(count('AUDITORS_SILENT'))],
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

type Entry = Activity['activity'][number]

const words: Readonly<Record<string, string>> = {
  OrderPlaced: 'Order placed',
  OrderStarted: 'Training started',
  OrderRenewed: 'Order extended',
  WindowCommitted: 'Window committed',
  DrawSeeded: 'Draw fixed',
  OrderEnded: 'Training ended',
  PanelDrawn: 'Auditors drawn',
  VerdictsCommitted: 'Verdicts committed',
  VerdictsRevealed: 'Verdicts revealed',
  OrderSettled: 'Settled',
}

const columns: readonly Column<Entry>[] = [
  { header: 'What', isRowHeader: true, cell: ({ name }) => words[name] ?? name },
  { header: 'Order', cell: ({ orderId }) => <Link href={orderUrl(orderId)}>#{orderId}</Link> },
  {
    header: 'Detail',
    cell: ({ detail, account }) =>
      account ? (
        <Hash value={account} what="the auditor's address" />
      ) : (
        (detail ?? <span className="text-muted">–</span>)
      ),
  },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  { header: 'Block', align: 'end', cell: ({ blockNumber }) => formatCount(blockNumber) },
  { header: 'Transaction', cell: ({ txHash }) => <Hash value={txHash} what="the transaction" /> },
]
