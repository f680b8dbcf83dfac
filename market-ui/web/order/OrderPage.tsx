import { useQuery } from '@tanstack/react-query'
import type { Order } from '../../server/api/schemas.ts'
import { ApiProblem } from '../api/fetchJson.ts'
import { orderQuery } from '../api/queries.ts'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { useNow } from '../live/useNow.ts'
import { marketUrl } from '../url.ts'
import { nextStep } from './nextStep.ts'
import { OrderParts } from './OrderParts.tsx'
import { StatusChip } from './StatusChip.tsx'

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
