import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Sparkline } from '../components/Sparkline.tsx'
import { formatSpeed } from '../format/formatNumber.ts'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { RunningFigures } from './RunningFigures.tsx'
import { windowSpeeds } from './windowSpeeds.ts'

/** Time, speed, cost and runway; the speed of each window by the chain's clock. */
export const SpeedCard = ({ order, feed }: { order: Order; feed: FeedSnapshot }) => {
  const speeds = windowSpeeds(order).map(({ stepsPerSecond }) => stepsPerSecond)
  const label = `Steps a second from window to window: ${formatSpeed(Math.min(...speeds))} to ${formatSpeed(Math.max(...speeds))}, last ${formatSpeed(speeds.at(-1) ?? 0)}.`
  return (
    <Card title="Throughput">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5">
        <RunningFigures
          order={order}
          trainedSteps={Math.max(feed.points.at(-1)?.step ?? 0, order.committedSteps)}
        />
      </dl>
      {speeds.length > 1 && (
        <div className="mt-5">
          <Sparkline values={speeds} label={label} />
          <p className="mt-2 text-sm text-muted">{label} By the chain's clock, so it cannot be made up.</p>
        </div>
      )}
    </Card>
  )
}
