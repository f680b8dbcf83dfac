import { useQuery } from '@tanstack/react-query'
import type { OrderSummary } from '../../server/api/schemas.ts'
import { ordersQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import { OrdersTable } from '../market/OrdersTable.tsx'
import { newOrderUrl } from '../url.ts'
import { NeedsWallet } from '../wallet/NeedsWallet.tsx'

/** The orders that the connected account placed or pays for. */
const JobsPage = () => (
  <>
    <PageTitle title="My jobs">My jobs</PageTitle>
    <NeedsWallet why="The list shows the orders that your account placed or pays for.">
      {(account) => <Jobs account={account} />}
    </NeedsWallet>
  </>
)
export default JobsPage

const Jobs = ({ account }: { account: string }) => {
  const query = useQuery(ordersQuery({ account, limit: 200 }))
  return (
    <div className="mt-6 grid gap-6">
      <Loaded query={query} what="your jobs" skeletonRows={4}>
        {({ orders, total }) =>
          orders.length === 0 ? (
            <p>
              This account has no orders yet. <Link href={newOrderUrl()}>Place the first</Link>
            </p>
          ) : (
            <>
              <Sums orders={orders} />
              <Card title="Jobs" flush aside={formatPlural(total, 'job')}>
                <OrdersTable orders={orders} />
              </Card>
            </>
          )
        }
      </Loaded>
    </div>
  )
}

const sum = (orders: readonly OrderSummary[], of: (order: OrderSummary) => string): string =>
  String(orders.reduce((total, order) => total + BigInt(of(order)), 0n))

const Sums = ({ orders }: { orders: readonly OrderSummary[] }) => {
  const open = orders.filter(({ settledAt }) => settledAt === 0)
  const settled = orders.filter(({ settledAt }) => settledAt > 0)
  return (
    <dl className="grid grid-cols-2 gap-4 rounded-xl border border-line bg-surface p-4 sm:grid-cols-4 sm:p-6">
      <Sum name="Open">{open.length}</Sum>
      <Sum name="Held for open jobs">
        <Dev
          wei={sum(open, ({ escrowWei, auditFeeWei }) => String(BigInt(escrowWei) + BigInt(auditFeeWei)))}
        />
      </Sum>
      <Sum name="Paid to sellers">
        <Dev wei={sum(settled, ({ paidWei }) => paidWei)} />
      </Sum>
      <Sum name="Came back">
        <Dev wei={sum(settled, ({ refundedWei }) => refundedWei)} />
      </Sum>
    </dl>
  )
}

const Sum = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-muted">{name}</dt>
    <dd className="mt-0.5 text-xl font-semibold tracking-tight">{children}</dd>
  </div>
)
