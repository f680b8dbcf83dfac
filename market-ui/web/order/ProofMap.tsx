import type { Order } from '../../server/api/schemas.ts'
import { formatPlural } from '../format/formatNumber.ts'

type Cell = 'open' | 'committed' | 'pending' | 'undecided' | 'disputed' | 'pass' | 'fail' | 'unavailable'

const words: Record<Cell, string> = {
  open: 'not committed',
  committed: 'committed, not drawn',
  pending: 'drawn, not passed yet',
  undecided: 'drawn, not decided',
  disputed: 'disputed',
  pass: 'passed',
  fail: 'does not hold',
  unavailable: 'not served',
}

const looks: Record<Cell, string> = {
  open: 'border border-dashed border-line-strong',
  committed: 'bg-line text-transparent',
  pending: 'border-2 border-accent bg-accent-soft text-accent',
  undecided: 'border-2 border-line-strong',
  disputed: 'bg-warn-soft border border-dashed border-warn text-warn',
  pass: 'bg-ok-soft border border-ok text-ok',
  fail: 'bg-bad-soft border border-bad text-bad',
  unavailable: 'bg-warn-soft border border-warn text-warn',
}

const marks: Partial<Record<Cell, string>> = {
  pending: 'M8 8h.1',
  pass: 'm4 8.5 2.7 2.7L12 5',
  fail: 'm4.5 4.5 7 7m0-7-7 7',
  unavailable: 'M8 4v4.5M8 11.6v.1',
  disputed: 'M6 6a2 2 0 1 1 2.6 2c-.4.2-.6.4-.6.9M8 11.6v.1',
}

/** More squares than this say nothing; the table below has them all. */
const MAX_CELLS = 512

/** Every segment of the job as a square: what is committed, what was drawn, what came of it. */
export const ProofMap = ({ order }: { order: Order }) => {
  // While training goes on, the last committed segment is the last only for now.
  const drawn = order.audit.drawn.filter(({ why }) => order.endedAt > 0 || why !== 'last')
  const verdicts = new Map(drawn.map(({ segment, verdict }) => [segment, verdict]))
  const disputed = new Set(
    order.disputes.filter(({ stage }) => stage !== 'Closed').map(({ segment }) => segment),
  )
  const { outcome, failedSegment } = order.audit
  const cells = Array.from({ length: order.totalSegments }, (_, segment): Cell => {
    if (segment >= order.committedSegments) return 'open'
    if (segment === failedSegment) return outcome === 'Unavailable' ? 'unavailable' : 'fail'
    if (disputed.has(segment)) return 'disputed'
    return verdicts.get(segment) ?? 'committed'
  })
  const present = (Object.keys(words) as Cell[]).filter((cell) => cells.includes(cell))
  const sentence = present
    .map((cell) => `${cells.filter((other) => other === cell).length} ${words[cell]}`)
    .join(', ')
  return (
    <div>
      {cells.length <= MAX_CELLS && (
        <div
          role="img"
          aria-label={`${formatPlural(cells.length, 'segment')}: ${sentence}.`}
          className="flex flex-wrap gap-1"
        >
          {cells.map((cell, segment) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a segment is its index
            <Square key={segment} cell={cell} title={`Segment ${segment}: ${words[cell]}`} />
          ))}
        </div>
      )}
      <p className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted" aria-hidden="true">
        {present.map((cell) => (
          <span key={cell} className="inline-flex items-center gap-2">
            <Square cell={cell} />
            {words[cell]}
          </span>
        ))}
      </p>
    </div>
  )
}

const Square = ({ cell, title }: { cell: Cell; title?: string }) => (
  <span title={title} className={`grid size-5 place-items-center rounded ${looks[cell]}`}>
    {marks[cell] && (
      <svg viewBox="0 0 16 16" className="size-4" aria-hidden="true">
        <path
          d={marks[cell]}
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
          fill="none"
        />
      </svg>
    )}
  </span>
)
