import { useEffect, useRef, useState } from 'react'
import { Card } from '../components/Card.tsx'
import { formatCount } from '../format/formatNumber.ts'
import type { FeedSnapshot, LogLine } from '../live/OrderFeedStore.ts'
import { FeedChip } from './LossCard.tsx'

const looks: Record<LogLine['kind'], string> = {
  out: '',
  err: 'text-warn',
  gap: 'my-1 border-y border-dashed border-line-strong text-center text-muted',
  note: 'text-muted',
}

/** Within this of the end counts as at the end. */
const END_PX = 24

/** The last 1,000 lines. Following stops when one scrolls up and goes on at the end or by the button. */
export const LogCard = ({ feed, className }: { feed: FeedSnapshot; className: string }) => {
  const box = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  const { lines } = feed

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines, follows])

  const onScroll = () => {
    const element = box.current
    if (element) setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < END_PX)
  }
  return (
    <Card title="Log" className={className} aside={<FeedChip feed={feed} />}>
      {/* Not a live region: a line a moment would drown everything else. */}
      <section
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log of the job"
        className="h-64 overflow-y-auto rounded-lg border border-line bg-bg px-3 py-2 font-mono text-[0.8125rem] leading-5"
      >
        {lines.length === 0 && <p className="text-muted">No line yet.</p>}
        <ol>
          {lines.map((line) => (
            <li key={line.key} className={`break-words whitespace-pre-wrap ${looks[line.kind]}`}>
              {line.kind === 'err' && <span className="sr-only">error output: </span>}
              {line.text}
            </li>
          ))}
        </ol>
      </section>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm">
        <p className="text-muted">
          {formatCount(lines.length)} lines{lines.length === 1000 && ', older ones are left out'}
        </p>
        <button
          type="button"
          aria-pressed={follows}
          onClick={() => setFollows(!follows)}
          className="rounded-lg border border-line-strong bg-surface px-3 py-1 font-medium hover:bg-raised"
        >
          {follows ? 'Following: pause' : 'Paused: follow'}
        </button>
      </div>
    </Card>
  )
}
