import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { LossCard } from './LossCard.tsx'
import { SpeedCard } from './SpeedCard.tsx'
import { UsageCard } from './UsageCard.tsx'

/** How well and how fast it learns, and what the machine does meanwhile. */
const MetricsTab = ({ order, feed }: { order: Order; feed: FeedSnapshot }) => (
  <div className="grid gap-6 lg:grid-cols-2">
    <LossCard feed={feed} totalSteps={order.steps} className="lg:col-span-2" />
    <SpeedCard order={order} feed={feed} />
    {feed.usage ? (
      <UsageCard usage={feed.usage} usages={feed.usages} isOver={order.endedAt > 0} />
    ) : (
      <Card title="GPUs">
        <p className="text-muted">
          The machine says nothing about GPUs for this order: it may have none, or not be asked.
        </p>
      </Card>
    )}
  </div>
)
export default MetricsTab
