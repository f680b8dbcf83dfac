import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { KeyFigures } from './KeyFigures.tsx'
import { LossGlance } from './LossGlance.tsx'
import { TermsCard } from './TermsCard.tsx'
import { TimelineCard } from './TimelineCard.tsx'

/** How it goes, what was agreed, and what happened. */
export const OverviewTab = ({ order, feed }: { order: Order; feed: FeedSnapshot }) => (
  <div className="grid gap-6 lg:grid-cols-3">
    <Card title="Progress" className="lg:col-span-3">
      <KeyFigures order={order} feed={feed} />
    </Card>
    <LossGlance orderId={order.orderId} feed={feed} className="lg:col-span-2" />
    <TermsCard order={order} />
    <TimelineCard order={order} className="lg:col-span-3" />
  </div>
)
