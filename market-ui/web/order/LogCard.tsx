import { useEffect, useRef, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Field } from '../components/Field.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import type { FeedSnapshot, LogLine } from '../live/OrderFeedStore.ts'
import { saveFile } from '../live/saveFile.ts'
import { FeedChip } from './LossCard.tsx'

const looks: Record<LogLine['kind'], string> = {
  out: '',
  err: 'text-warn',
  gap: 'my-1 border-y border-dashed border-line-strong text-center text-muted',
  note: 'text-muted',
}

/** Within this of the end counts as at the end. */
const END_PX = 24

type Props = { readonly orderId: string; readonly feed: FeedSnapshot; readonly className: string }

/** The last 1,000 lines. Following stops when one scrolls up and goes on at the end or by the button. */
export const LogCard = ({ orderId, feed, className }: Props) => {
  const box = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  const [wanted, setWanted] = useState('')
  const { lines } = feed
  const shown = wanted === '' ? lines : lines.filter(({ text }) => has(text, wanted))

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
      <Field
        label="Search the log"
        type="search"
        value={wanted}
        onChange={setWanted}
        hint={wanted !== '' && `${formatPlural(shown.length, 'line')} of ${formatCount(lines.length)}`}
      />
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
          {shown.map((line) => (
            <li key={line.key} className={`break-words whitespace-pre-wrap ${looks[line.kind]}`}>
              {line.kind === 'err' && <span className="sr-only">error output: </span>}
              {line.text}
            </li>
          ))}
        </ol>
      </section>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm">
        <p className="text-muted">
          {formatPlural(lines.length, 'line')}
          {lines.length === 1000 && ', older ones are left out'}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button
            onClick={() => saveFile(`order-${orderId}.log`, lines.map(({ text }) => `${text}\n`).join(''))}
            disabled={lines.length === 0}
          >
            Download
          </Button>
          <Button aria-pressed={follows} onClick={() => setFollows(!follows)}>
            {follows ? 'Following: pause' : 'Paused: follow'}
          </Button>
        </div>
      </div>
    </Card>
  )
}

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())
