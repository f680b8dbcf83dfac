import { useQuery } from '@tanstack/react-query'
import type { Machine } from '../../server/api/machineSchemas.ts'
import { machineQuery } from '../api/queries.ts'
import { Chip } from '../components/Chip.tsx'
import { formatCount, formatPercent, formatPlural } from '../format/formatNumber.ts'
import { formatAgo } from '../format/formatTime.ts'

/** Whether a machine answers buyers, as this market's server sees it, and how its orders ended. */
export const MachineHealth = ({ machine }: { machine: Machine }) => {
  const { data } = useQuery(machineQuery(machine.machineId))
  const watched = data?.watched
  const { uptime, completed, failed, expired } = machine
  const isUp = watched && watched.answeredAt > 0 && watched.answeredAt === watched.askedAt
  return (
    <div className="mt-3 grid gap-1 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {watched ? (
          <Chip tone={isUp ? 'ok' : 'bad'}>{isUp ? 'Answers' : 'Does not answer'}</Chip>
        ) : (
          <Chip tone="neutral">Not asked yet</Chip>
        )}
        <span className="text-muted">
          {watched
            ? `asked ${formatAgo(watched.askedAt)} at ${machine.endpoint}${uptime && uptime.asked > 0 ? `; ${formatPercent(uptime.answered / uptime.asked)} of ${formatPlural(uptime.asked, 'question')} answered in seven days` : ''}`
            : 'The server asks the endpoint every few minutes while the machine is offered or at work.'}
        </span>
      </p>
      {watched && !isUp && (
        <p className="text-warn">
          Buyers see it as down. Start the daemon, and see that {machine.endpoint} can be reached from
          outside: trainyard doctor says what is missing.
        </p>
      )}
      <p className="text-muted">
        Orders: {formatCount(completed)} done, {formatCount(failed)} failed, {formatCount(expired)} expired.
      </p>
    </div>
  )
}
