import { memo, type ReactNode } from 'react'
import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { machineUrl, orderUrl } from '../url.ts'

/** What was agreed. Kept as it is while the feed moves. */
export const TermsCard = memo(({ order }: { order: Order }) => (
  <Card title="Terms">
    <dl className="grid gap-2">
      <Term name="Model">
        {order.job ? (
          (order.job.model ?? 'any program')
        ) : (
          <span className="text-muted">job not in this store</span>
        )}
      </Term>
      {order.mode === 'None' ? (
        <Term name="Proof">none: paid by time, whatever is done</Term>
      ) : (
        <ProofTerms order={order} />
      )}
      <Term name="Price">
        <Dev wei={order.pricePerHourWei} per="hour" />
      </Term>
      <Term name="Seller's stake">
        <Dev wei={order.stakeWei} />
      </Term>
      <Term name="Buyer">
        <Hash value={order.buyer} what="the buyer's address" />
      </Term>
      <Term name="Seller">
        <Hash value={order.seller} what="the seller's address" />
      </Term>
      <Term name="Machine">
        <Link href={machineUrl(order.machineId)}>#{order.machineId}</Link>
      </Term>
      <Term name="Job hash">
        <Hash value={order.jobHash} what="the job hash" />
      </Term>
    </dl>
  </Card>
))

/** How it is cut into pieces, and what is answered for. */
const ProofTerms = ({ order }: { order: Order }) => (
  <>
    <Term name="Steps">
      {formatCount(order.steps)} in {formatCount(order.totalSegments)} segments
    </Term>
    <Term name="Proof">
      {order.twin ? (
        <>
          refereed with <Link href={orderUrl(order.twin.orderId, 'proofs')}>order #{order.twin.orderId}</Link>
        </>
      ) : (
        `${order.mode.toLowerCase()}, ${order.draws} random draws`
      )}
    </Term>
    <Term name="Begins with">
      {order.resumed ? (
        <>
          window {order.resumed.window} of{' '}
          <Link href={orderUrl(order.resumed.orderId, 'results')}>order #{order.resumed.orderId}</Link>
        </>
      ) : (
        'weights from its seed'
      )}
    </Term>
    <Term name="Environment">
      {order.vouched
        ? 'the seller answers for it with its stake'
        : 'the seller does not answer for it: a mismatch ends pay and slashes nobody'}
    </Term>
    <Term name="Agreed step time">{formatCount(order.stepMicros)} µs</Term>
  </>
)

const Term = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex items-baseline justify-between gap-4">
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 text-right">{children}</dd>
  </div>
)
