import { lazy, Suspense } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { SkeletonRows } from '../components/Skeleton.tsx'
import { Tabs } from '../components/Tabs.tsx'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { useOrderFeed } from '../live/useOrderFeed.ts'
import { pushSearch, useSearch } from '../live/useRoute.ts'
import { type OrderTab, orderTabSearch, orderTabs, readOrderTab } from '../url.ts'
import { OrderActions } from './OrderActions.tsx'
import { OverviewTab } from './OverviewTab.tsx'
import { useOrderGrant } from './orderGrants.ts'
import { PrivateFeed } from './PrivateFeed.tsx'

const MetricsTab = lazy(() => import('./MetricsTab.tsx'))
const LogCard = lazy(() => import('./LogCard.tsx'))
const ResultsTab = lazy(() => import('./ResultsTab.tsx'))
const ProofsTab = lazy(() => import('./ProofsTab.tsx'))
const PaymentsTab = lazy(() => import('./PaymentsTab.tsx'))

const texts: Readonly<Record<OrderTab, string>> = {
  overview: 'Overview',
  metrics: 'Metrics',
  logs: 'Logs',
  results: 'Checkpoints and results',
  proofs: 'Proofs',
  payments: 'Payments',
}

/** What can be done with an order, then its tabs. The feed is read whichever tab is shown, so that none begins anew. */
export const OrderParts = ({ order }: { order: Order }) => {
  const asked = readOrderTab(useSearch())
  const tab = tabsOf(order).includes(asked) ? asked : 'overview'
  const grant = useOrderGrant(order.orderId)?.header
  const live = useOrderFeed(order.orderId, grant)
  // A settled order's stream may stay open, but nothing comes through it any more.
  const feed: FeedSnapshot = order.settledAt > 0 && live.state === 'live' ? { ...live, state: 'ended' } : live
  return (
    <>
      <OrderActions order={order} />
      <PrivateFeed order={order} feed={feed} />
      <Tabs
        label={`Parts of order ${order.orderId}`}
        tabs={tabsOf(order).map((name) => ({ name, text: textOf(name, order), note: noteOf(name, order) }))}
        current={tab}
        onChange={(name) => pushSearch(orderTabSearch(name))}
      >
        <Suspense fallback={<SkeletonRows rows={6} what={texts[tab]} />}>
          {tab === 'overview' && <OverviewTab order={order} feed={feed} />}
          {tab === 'metrics' && <MetricsTab order={order} feed={feed} />}
          {tab === 'logs' && <LogCard orderId={order.orderId} feed={feed} />}
          {tab === 'results' && <ResultsTab order={order} />}
          {tab === 'proofs' && <ProofsTab order={order} />}
          {tab === 'payments' && <PaymentsTab order={order} />}
        </Suspense>
      </Tabs>
    </>
  )
}

/** Without proof there is none to show. */
const tabsOf = ({ mode }: Order): OrderTab[] =>
  orderTabs.filter((name) => mode !== 'None' || name !== 'proofs')

const textOf = (name: OrderTab, { mode }: Order): string =>
  mode === 'None' && name === 'results' ? 'Result' : texts[name]

/** What should not be missed though its tab is not open. */
const noteOf = (tab: OrderTab, { disputes }: Order) => {
  const open = disputes.filter(({ stage }) => stage !== 'Closed').length
  if (tab !== 'proofs' || open === 0) return undefined
  return (
    <span className="rounded-full bg-warn-soft px-1.5 text-sm text-warn">
      {open}
      <span className="sr-only"> open disputes</span>
    </span>
  )
}
