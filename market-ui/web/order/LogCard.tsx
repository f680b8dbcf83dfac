import { useEffect, useRef, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Card } from '../components/Card.tsx'
import { Choice } from '../components/Choice.tsx'
import { Field } from '../components/Field.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'
import type { FeedSnapshot, LogLine } from '../live/OrderFeedStore.ts'
import { saveFile } from '../live/saveFile.ts'
import { FeedChip, FeedTrouble } from './LossCard.tsx'

const looks: Record<LogLine['kind'], string> = {
  out: '',
  err: 'text-warn',
  gap: 'my-1 border-y border-dashed border-line-strong text-center text-muted',
  note: 'text-muted',
}

/** Within this of the end counts as at the end. */
const END_PX = 24

type Props = { readonly orderId: string; readonly feed: FeedSnapshot }

const streams = [
  { value: 'all', text: 'Everything' },
  { value: 'out', text: 'Output' },
  { value: 'err', text: 'Error output' },
] as const

/** The last 1,000 lines. Following stops when one scrolls up and goes on at the end or by the button. */
const LogCard = ({ orderId, feed }: Props) => {
  const box = useRef<HTMLElement>(null)
  const [follows, setFollows] = useState(true)
  const [wanted, setWanted] = useState('')
  const [stream, setStream] = useState('all')
  const { lines } = feed
  const isWhole = wanted === '' && stream === 'all'
  const shown = isWhole ? lines : lines.filter((line) => isOf(line, stream) && has(line.text, wanted))

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [lines, follows])

  const onScroll = () => {
    const element = box.current
    if (element) setFollows(element.scrollHeight - element.scrollTop - element.clientHeight < END_PX)
  }
  return (
    <Card title="Log" aside={<FeedChip feed={feed} />}>
      <FeedTrouble feed={feed} />
      <div className="grid gap-x-4 sm:grid-cols-[1fr_auto]">
        <Field
          label="Search the log"
          type="search"
          value={wanted}
          onChange={setWanted}
          hint={!isWhole && `${formatPlural(shown.length, 'line')} of ${formatCount(lines.length)}`}
        />
        <Choice label="Lines" value={stream} onChange={setStream} options={streams} />
      </div>
      {/* Not a live region: a line a moment would drown everything else. */}
      <section
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log of the job"
        className="h-[min(60vh,40rem)] min-h-64 overflow-y-auto rounded-lg border border-line bg-bg px-3 py-2 font-mono text-[0.8125rem] leading-5"
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

export default LogCard

/** Marks of a gap and the machine's own remarks stay where they belong. */
const isOf = ({ kind }: LogLine, stream: string): boolean =>
  stream === 'all' || kind === stream || kind === 'gap'

const has = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())
