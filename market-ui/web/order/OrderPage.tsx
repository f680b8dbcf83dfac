import { useQuery } from '@tanstack/react-query'
import type { Order } from '../../server/api/schemas.ts'
import { ApiProblem } from '../api/fetchJson.ts'
import { orderQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { DisputesTable } from '../dispute/DisputesTable.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { useNow } from '../live/useNow.ts'
import { useOrderFeed } from '../live/useOrderFeed.ts'
import { marketUrl } from '../url.ts'
import { ActionsCard } from './ActionsCard.tsx'
import { AuditCard } from './AuditCard.tsx'
import { KeyFigures } from './KeyFigures.tsx'
import { LogCard } from './LogCard.tsx'
import { LossCard } from './LossCard.tsx'
import { nextStep } from './nextStep.ts'
import { PaymentsCard } from './PaymentsCard.tsx'
import { ResultCard } from './ResultCard.tsx'
import { StatusChip } from './StatusChip.tsx'
import { TermsCard } from './TermsCard.tsx'
import { WindowsCard } from './WindowsCard.tsx'

/** One order from placing to settlement. */
const OrderPage = ({ orderId }: { orderId: string }) => {
  const query = useQuery(orderQuery(orderId))
  const isUnknown = query.error instanceof ApiProblem && query.error.status === 404
  return (
    <>
      <nav aria-label="Breadcrumb" className="mb-3 text-sm">
        <Link href={marketUrl()}>Market</Link>
      </nav>
      <Heading orderId={orderId} order={query.data} />
      {isUnknown && (
        <p className="mt-4 max-w-prose text-muted">
          The chain has no order {orderId}, as far as it was followed. If it was just placed, it appears here
          by itself.
        </p>
      )}
      {!isUnknown && (
        <Loaded query={query} what="the order" skeletonRows={8}>
          {(order) => <OrderParts order={order} />}
        </Loaded>
      )}
    </>
  )
}

export default OrderPage

const Heading = ({ orderId, order }: { orderId: string; order: Order | undefined }) => {
  const now = useNow()
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <PageTitle title={`Order ${orderId}`}>
          Order #{orderId}
          {order?.jobName && <span className="font-normal text-muted"> {order.jobName}</span>}
        </PageTitle>
        {order && <StatusChip status={order.status} />}
      </div>
      {order && <p className="mt-2 max-w-3xl text-pretty text-muted">{nextStep(order, now)}</p>}
      <span role="status" className="sr-only">
        {order && `Order ${orderId} is ${order.status}`}
      </span>
    </>
  )
}

const OrderParts = ({ order }: { order: Order }) => {
  const live = useOrderFeed(order.orderId)
  // A settled order's stream may stay open, but nothing comes through it any more.
  const feed: FeedSnapshot = order.settledAt > 0 && live.state === 'live' ? { ...live, state: 'ended' } : live
  return (
    <div className="mt-6 grid gap-6 lg:grid-cols-3">
      <Card title="Progress" className="lg:col-span-3">
        <KeyFigures order={order} feed={feed} />
      </Card>
      <ActionsCard order={order} className="lg:col-span-3" />
      {order.disputes.length > 0 && (
        <Card
          title="Disputes"
          flush
          className="lg:col-span-3"
          aside={formatPlural(order.disputes.length, 'dispute')}
        >
          <DisputesTable disputes={order.disputes} />
        </Card>
      )}
      <LossCard feed={feed} totalSteps={order.steps} className="lg:col-span-2" />
      <TermsCard order={order} />
      <LogCard orderId={order.orderId} feed={feed} className="lg:col-span-2" />
      <ResultCard order={order} />
      <AuditCard order={order} className="lg:col-span-3" />
      <WindowsCard order={order} className="lg:col-span-3" />
      <PaymentsCard order={order} className="lg:col-span-3" />
    </div>
  )
}
