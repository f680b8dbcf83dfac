import { useQuery } from '@tanstack/react-query'
import type { MachineDetail, Score } from '../../server/api/machineSchemas.ts'
import { scoreQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { Facts } from '../components/Facts.tsx'
import { formatDateTime } from '../format/formatTime.ts'
import { formatNut } from '../market/formatUt.ts'

const HOURS_PER_DAY = 24n
const WEI_PER_DEV = 10n ** 18n

/** What a machine has been seen to do: no number here is the seller's word. */
export const ScoreCard = ({ machine }: { machine: MachineDetail }) => {
  const { data: score, isError } = useQuery(scoreQuery(machine.machineId))
  return (
    <Card title="Score" aside="credits of proved work">
      {score ? (
        <Facts facts={factsOf(score, machine.offer?.pricePerHourWei)} />
      ) : (
        <p className="text-muted">{isError ? 'not known' : '…'}</p>
      )}
    </Card>
  )
}

const factsOf = (score: Score, pricePerHourWei: string | undefined): [string, string][] => [
  ['Effective, a day', formatNut(score.effectiveNutPerDay)],
  ['of it training, weighs 0.6', formatNut(score.effectiveTecpNutPerDay)],
  ['of it drilling, weighs 0.4', formatNut(score.effectiveDecpNutPerDay)],
  [
    'Effective, for each DEV that it costs',
    pricePerHourWei ? perDev(score, BigInt(pricePerHourWei)) : 'not offered',
  ],
  [
    'Since joining',
    `${formatNut(score.totalNut)} (training ${formatNut(score.tecpNut)}, drilling ${formatNut(score.decpNut)})`,
  ],
  ['Last credit', score.creditedAt === 0 ? 'never' : formatDateTime(score.creditedAt)],
]

const perDev = (score: Score, pricePerHourWei: bigint): string =>
  formatNut(
    String((BigInt(score.effectiveNutPerDay) * WEI_PER_DEV) / (pricePerHourWei * HOURS_PER_DAY || 1n)),
  )
