import { Card } from '../components/Card.tsx'
import { Link } from '../components/Link.tsx'
import { Sparkline } from '../components/Sparkline.tsx'
import { formatLoss } from '../format/formatNumber.ts'
import type { FeedSnapshot } from '../live/OrderFeedStore.ts'
import { orderUrl } from '../url.ts'
import { FeedChip } from './LossCard.tsx'
import { centredMean, lossSummary, spansDecades, thinOut } from './lossSummary.ts'

const MAX_POINTS = 240
const MEAN_REACH = 3

type Props = { readonly orderId: string; readonly feed: FeedSnapshot; readonly className: string }

/** The loss at a glance; the chart with its axes is in the metrics. */
export const LossGlance = ({ orderId, feed, className }: Props) => {
  const points = thinOut(feed.points, MAX_POINTS)
  const means = centredMean(points, MEAN_REACH)
  const [low, high] = [Math.min(...means), Math.max(...means)]
  const isLog = spansDecades(points)
  const values = isLog ? means.map((mean) => Math.log10(mean / low)) : means
  return (
    <Card title="Loss" className={className} aside={<FeedChip feed={feed} />}>
      {points.length === 0 ? (
        <p className="grid min-h-56 place-items-center rounded-lg bg-raised p-6 text-center text-muted">
          {feed.state === 'live'
            ? 'No step reported yet. The curve starts with the first one.'
            : feed.message || 'Connecting.'}
        </p>
      ) : (
        <>
          <div className="grid grid-cols-[auto_1fr] gap-x-3">
            <p className="flex flex-col justify-between text-right text-sm text-muted" aria-hidden="true">
              <span>{formatLoss(high)}</span>
              <span>{isLog ? formatLoss(low) : 0}</span>
            </p>
            <Sparkline values={values} label={lossSummary(feed.points)} className="h-64" />
          </div>
          <div className="mt-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2 text-sm">
            <p className="min-w-0 flex-1 basis-64 text-muted">
              {lossSummary(feed.points)}
              {isLog && ' Logarithmic scale.'}
            </p>
            <Link href={orderUrl(orderId, 'metrics')}>Chart and table</Link>
          </div>
        </>
      )}
    </Card>
  )
}
