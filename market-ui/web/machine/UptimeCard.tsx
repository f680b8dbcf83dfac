import type { MachineDetail } from '../../server/api/machineSchemas.ts'
import { Card } from '../components/Card.tsx'
import { Facts } from '../components/Facts.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { formatAgo, formatDate, formatDateTime } from '../format/formatTime.ts'

type Watched = NonNullable<MachineDetail['watched']>
type Day = { readonly day: number; readonly asked: number; readonly answered: number }

const DAYS = 30
const WEEK = 7
const DAY_SECONDS = 86_400
/** The least that a bar is high, so that a day of silence is not taken for a day without questions. */
const LEAST_PERCENT = 6

/** Whether the machine answers: what this server saw of it, and what the chain has of it. */
export const UptimeCard = ({ machine }: { machine: MachineDetail }) => {
  const { watched, lastHeartbeatAt } = machine
  return (
    <Card title="Uptime" aside="as this market's server saw it">
      {watched ? <Seen watched={watched} /> : <p>Its endpoint was not asked yet.</p>}
      <p className="mt-3 text-sm text-pretty text-muted">
        The server asks the endpoint every few minutes while the machine is offered or at work. It is up if
        the endpoint says within eight seconds that it is this machine of this seller. Where the endpoint
        cannot be reached from here, it counts as down, although others may reach it.
      </p>
      <div className="mt-3">
        <Facts
          facts={[
            [
              'Last sign of life on the chain',
              lastHeartbeatAt === 0
                ? 'never'
                : `${formatDateTime(lastHeartbeatAt)}, ${formatAgo(lastHeartbeatAt)}`,
            ],
          ]}
        />
      </div>
    </Card>
  )
}

const Seen = ({ watched }: { watched: Watched }) => {
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS)
  const known = new Map(watched.days.map((day) => [day.day, day]))
  const days = Array.from({ length: DAYS }, (_, index) => {
    const day = today - DAYS + 1 + index
    return known.get(day) ?? { day, asked: 0, answered: 0 }
  })
  const isUp = watched.answeredAt === watched.askedAt
  return (
    <>
      <Facts
        facts={[
          ['Last seven days', shareOf(days.slice(-WEEK))],
          ['Last thirty days', shareOf(days)],
          [
            'Asked last',
            `${formatAgo(watched.askedAt)}: ${isUp ? 'it answered' : `no answer; ${watched.answeredAt === 0 ? 'it never gave one' : `the last one ${formatAgo(watched.answeredAt)}`}`}`,
          ],
        ]}
      />
      <ul aria-label="Uptime day by day" className="mt-4 flex h-12 items-end gap-0.5">
        {days.map((day) => (
          <Bar key={day.day} day={day} />
        ))}
      </ul>
      <p className="mt-1 flex justify-between text-sm text-muted">
        <span>{formatDate(days[0]!.day * DAY_SECONDS)}</span>
        <span>today</span>
      </p>
    </>
  )
}

/** Height says the share; a day without questions is a line. */
const Bar = ({ day }: { day: Day }) => {
  const text = `${formatDate(day.day * DAY_SECONDS)}: ${shareOf([day])}`
  const percent = day.asked === 0 ? 0 : Math.max(LEAST_PERCENT, (day.answered / day.asked) * 100)
  const tone = day.answered === day.asked ? 'bg-ok' : 'bg-bad'
  return (
    <li className="flex h-full min-w-0 flex-1 items-end bg-raised" title={text}>
      <span className="sr-only">{text}</span>
      <span
        aria-hidden="true"
        className={`block w-full forced-colors:bg-[CanvasText] ${tone}`}
        style={{ height: `${percent}%` }}
      />
    </li>
  )
}

const shareOf = (days: readonly Day[]): string => {
  const sum = (of: 'asked' | 'answered') => days.reduce((total, day) => total + day[of], 0)
  const [asked, answered] = [sum('asked'), sum('answered')]
  return asked === 0
    ? 'not asked'
    : `${formatPercent(answered / asked)} of ${formatCount(asked)} questions answered`
}
