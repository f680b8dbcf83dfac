import type { Order } from '../../server/api/schemas.ts'
import { Dev } from '../components/Dev.tsx'
import { formatCount, formatLoss, formatPercent } from '../format/formatNumber.ts'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { Absent, Figure } from './Figure.tsx'
import { RunningFigures } from './RunningFigures.tsx'
import { UsageFigures } from './UsageFigures.tsx'

/** The numbers one looks for first. */
export const KeyFigures = ({ order, feed }: { order: Order; feed: FeedSnapshot }) => {
  const last = feed.points.at(-1)
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 lg:grid-cols-4">
      <Figure name="Steps trained" note="as the machine says">
        {last ? formatCount(last.step) : <Absent />}
      </Figure>
      {order.steps > 0 && (
        <Figure
          name="Steps committed"
          note={`of ${formatCount(order.steps)} (${formatPercent(order.committedSteps / order.steps)})`}
        >
          {formatCount(order.committedSteps)}
          <Bar share={order.committedSteps / order.steps} />
        </Figure>
      )}
      <Figure
        name={order.endedAt > 0 ? 'Last loss' : 'Loss now'}
        note={last ? `at step ${formatCount(last.step)}` : 'no step reported yet'}
      >
        {last ? formatLoss(last.loss) : <Absent />}
      </Figure>
      {order.result?.metrics && (
        <Figure name="Accuracy" note="on held-out data, as the seller says">
          {formatPercent(order.result.metrics.accuracy)}
        </Figure>
      )}
      <RunningFigures order={order} trainedSteps={Math.max(last?.step ?? 0, order.committedSteps)} />
      {feed.usage && <UsageFigures usage={feed.usage} isOver={order.endedAt > 0} />}
      <Figure
        name={order.settledAt > 0 ? 'Paid' : 'At most'}
        note={
          order.settledAt > 0
            ? 'of the escrow'
            : order.mode === 'None'
              ? 'the escrow'
              : 'escrow and audit fee'
        }
      >
        <Dev
          wei={
            order.settledAt > 0
              ? order.paidWei
              : (BigInt(order.escrowWei) + BigInt(order.auditFeeWei)).toString()
          }
        />
      </Figure>
    </dl>
  )
}

/** The figure above it says the same; this is for the eye. */
const Bar = ({ share }: { share: number }) => (
  <svg
    viewBox="0 0 100 6"
    preserveAspectRatio="none"
    className="mt-1 mb-1 block h-1.5 w-full rounded-full bg-raised"
    aria-hidden="true"
  >
    <rect width={Math.min(1, share) * 100} height="6" className="fill-accent" />
  </svg>
)
