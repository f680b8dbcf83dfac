import { lazy, Suspense, useState } from 'react'
import { Card } from '../components/Card.tsx'
import { Chip, type Tone } from '../components/Chip.tsx'
import type { FeedSnapshot, FeedState } from '../live/OrderFeedStore.ts'
import { LossTable } from './LossTable.tsx'
import { lossSummary } from './lossSummary.ts'

const LossChart = lazy(() => import('./LossChart.tsx'))

const states: Record<FeedState, { tone: Tone; text: string }> = {
  connecting: { tone: 'neutral', text: 'Connecting' },
  live: { tone: 'ok', text: 'Live' },
  interrupted: { tone: 'warn', text: 'Reconnecting' },
  refused: { tone: 'bad', text: 'Not available' },
  ended: { tone: 'neutral', text: 'Ended' },
}

/** How the feed is, in a word; why, in its title. */
export const FeedChip = ({ feed }: { feed: FeedSnapshot }) => (
  <span title={feed.message}>
    <Chip tone={states[feed.state].tone}>{states[feed.state].text}</Chip>
  </span>
)

/** Why nothing new comes, where that is not the run's end. */
export const FeedTrouble = ({ feed }: { feed: FeedSnapshot }) =>
  feed.state === 'interrupted' || feed.state === 'refused' ? (
    <p role="status" className="mb-3 rounded-lg bg-warn-soft px-3 py-2 text-warn">
      {feed.message}
    </p>
  ) : null

type Props = { readonly feed: FeedSnapshot; readonly totalSteps: number; readonly className: string }

/** The loss as the seller reports it: a curve, a sentence, and a table of the same points. */
export const LossCard = ({ feed, totalSteps, className }: Props) => {
  const [asTable, setAsTable] = useState(false)
  const { points } = feed
  return (
    <Card title="Loss" className={className} aside={<FeedChip feed={feed} />}>
      {points.length === 0 ? (
        <p className="grid min-h-64 place-items-center rounded-lg bg-raised p-6 text-center text-muted">
          {feed.state === 'live'
            ? 'No step reported yet. The curve starts with the first one.'
            : feed.message || 'Connecting.'}
        </p>
      ) : asTable ? (
        <LossTable points={points} />
      ) : (
        <Suspense fallback={<span className="skeleton h-64" aria-hidden="true" />}>
          <LossChart points={points} totalSteps={totalSteps} />
        </Suspense>
      )}
      {points.length > 0 && (
        <div className="mt-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2 text-sm">
          <p className="min-w-0 flex-1 basis-64 text-muted">{lossSummary(points)}</p>
          <button
            type="button"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            className="min-h-6 font-medium text-accent underline underline-offset-4 hover:decoration-2"
          >
            Show as table
          </button>
        </div>
      )}
    </Card>
  )
}
