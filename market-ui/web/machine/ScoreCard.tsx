import { useQuery } from '@tanstack/react-query'
import type { Score } from '../../server/api/schemas.ts'
import { scoreQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { Facts } from '../components/Facts.tsx'
import { formatDateTime } from '../format/formatTime.ts'
import { formatUt } from './formatUt.ts'

/** What a machine has been seen to do: no number here is the seller's word. */
export const ScoreCard = ({ machineId }: { machineId: string }) => {
  const { data: score, isError } = useQuery(scoreQuery(machineId))
  return (
    <Card title="Score" className="lg:col-span-3" aside="credits of proved work, and audited speed">
      {score ? <Facts facts={factsOf(score)} /> : <p className="text-muted">{isError ? 'not known' : '…'}</p>}
    </Card>
  )
}

const factsOf = ({ device, ...score }: Score): [string, string][] => [
  ['Effective, a day', formatUt(score.effectiveNutPerDay)],
  ['of it training, weighs 0.6', formatUt(score.effectiveTecpNutPerDay)],
  ['of it drilling, weighs 0.4', formatUt(score.effectiveDecpNutPerDay)],
  [
    'Since joining',
    `${formatUt(score.totalNut)} (training ${formatUt(score.tecpNut)}, drilling ${formatUt(score.decpNut)})`,
  ],
  ['Last credit', score.creditedAt === 0 ? 'never' : formatDateTime(score.creditedAt)],
  ['Matrix speed, audited', device.mflops === '0' ? 'never measured' : `${device.mflops} MFLOPS`],
  ['Measured', device.measuredAt === 0 ? 'never' : ageOf(device)],
  ...(device.report ? evidenceOf(device.memoryMiB, device.report) : []),
]

/** What auditors looked at, and apart from it what the machine only says. */
const evidenceOf = (
  memoryMiB: number,
  { size, products, seconds, precisions, claims }: NonNullable<Score['device']['report']>,
): [string, string][] => [
  ['Evidence', `${products} products of ${size} x ${size} in ${seconds} s, sampled by auditors`],
  ['Memory held meanwhile, audited', `${memoryMiB} MiB`],
  ...precisions.map(({ name, products: done, gflops }): [string, string] => [
    name,
    `${done} products, sampled by auditors; its own clock says ${gflops} GFLOPS`,
  ]),
  [
    'Says itself, unproved',
    `memory ${claims.memoryMBPerSecond}, disk ${claims.diskMBPerSecond}, network ${claims.networkMBPerSecond} MB/s`,
  ],
  [
    'Driver and clock, unproved',
    `${claims.driver}, ${claims.clockMHz === 0 ? 'no clock told' : `${claims.clockMHz} MHz`}`,
  ],
]

const ageOf = ({ measuredAt, fresh, round }: Score['device']): string =>
  `${formatDateTime(measuredAt)}, round ${round}${fresh ? '' : ': stale, it counts no more'}`
