import { useQuery } from '@tanstack/react-query'
import type { MachineDetail, Score } from '../../server/api/machineSchemas.ts'
import { scoreQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Facts } from '../components/Facts.tsx'
import { formatAgo, formatDateTime } from '../format/formatTime.ts'

type Benchmark = NonNullable<MachineDetail['benchmark']>
type Figure = Benchmark['figures'][number]

/** How fast the machine is: what auditors checked first, then what its seller says. They are never mixed. */
export const SpeedCard = ({ machine }: { machine: MachineDetail }) => {
  const { data: score, isError } = useQuery(scoreQuery(machine.machineId))
  const { benchmark } = machine
  return (
    <Card title="Speed">
      <h3 className="font-medium">Checked by auditors</h3>
      <p className="mb-2 text-sm text-pretty text-muted">
        Exact matrix products from a seed that nobody knew before. Auditors drawn by lot computed samples of
        them again; the time is the chain's. This is evidence. What counts is the lower of the last two
        rounds, or half of a first one.
      </p>
      {score ? <Facts facts={auditedFacts(score.device)} /> : <p>{isError ? 'Not known.' : '…'}</p>}
      <h3 className="mt-5 font-medium">Measured by the seller</h3>
      {score?.device.report && (
        <>
          <p className="mb-2 text-sm text-pretty text-muted">
            With its last audited round the machine told this of itself. Nobody checked it: these are claims.
          </p>
          <Facts facts={claimedFacts(score.device.report)} />
        </>
      )}
      {benchmark ? (
        <>
          <p className="mt-4 mb-2 text-sm text-pretty text-muted">
            Run by the seller on its own machine on {formatDateTime(Date.parse(benchmark.measuredAt) / 1000)},
            and told by its endpoint {formatAgo(benchmark.saidAt)}. Nobody checked it: this is a claim.
          </p>
          <div className="-mx-4 sm:-mx-6">
            <DataTable
              caption="What the seller says that it measured"
              columns={columns}
              rows={benchmark.figures}
              rowKey={({ id }) => id}
            />
          </div>
        </>
      ) : (
        !score?.device.report && <p>Its endpoint has told no benchmark.</p>
      )}
    </Card>
  )
}

const auditedFacts = (device: Score['device']): [string, string][] =>
  device.mflops === '0' && device.lastMflops === '0'
    ? [['Matrix speed', 'never measured']]
    : [
        ['Matrix speed that counts', inGflops(device.mflops)],
        ['In the last round alone', inGflops(device.lastMflops)],
        [
          'Measured',
          `${formatDateTime(device.measuredAt)}, round ${device.round}${device.fresh ? '' : ': stale, it counts no more'}`,
        ],
        ...(device.report ? sampledFacts(device.memoryMiB, device.report) : []),
      ]

type Report = NonNullable<Score['device']['report']>

const sampledFacts = (
  memoryMiB: number,
  { size, products, seconds, precisions }: Report,
): [string, string][] => [
  ['Sampled by them', `${products} products of ${size} x ${size} in ${seconds} s`],
  ['Memory held meanwhile', `${memoryMiB} MiB`],
  ...precisions.map(({ name, products: done }): [string, string] => [name, `${done} products, sampled`]),
]

/** What its report to the chain says besides what auditors can compute again. */
const claimedFacts = ({ precisions, claims }: Report): [string, string][] => [
  ...precisions.map(({ name, gflops }): [string, string] => [
    `${name}, by its own clock`,
    `${gflops} GFLOPS`,
  ]),
  ['Memory bandwidth', `${number.format(claims.memoryMBPerSecond)} MB/s`],
  ['Disk', `${number.format(claims.diskMBPerSecond)} MB/s`],
  ['Network, to its store', `${number.format(claims.networkMBPerSecond)} MB/s`],
  ['Driver', claims.driver],
  ['Clock', claims.clockMHz === 0 ? 'not told' : `${number.format(claims.clockMHz)} MHz`],
]

const gflops = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })
const inGflops = (mflops: string): string => `${gflops.format(Number(mflops) / 1000)}\u00a0GFLOPS`

const names: Readonly<Record<Figure['id'], string>> = {
  training: 'Training, canonical trainer, one thread',
  matrix: 'Matrix products, one thread',
  memory: 'Memory, one thread',
  hashing: 'Hashing checkpoints, one thread',
  disk: 'Disk, written and synced',
  storePut: 'To the store',
  storeGet: 'From the store',
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })

const columns: readonly Column<Figure>[] = [
  { header: 'What', isRowHeader: true, cell: ({ id }) => names[id] },
  { header: 'Median', align: 'end', cell: ({ median, unit }) => `${number.format(median)} ${unit}` },
  {
    header: 'Lowest to highest',
    align: 'end',
    cell: ({ lowest, highest }) => `${number.format(lowest)} to ${number.format(highest)}`,
  },
  { header: 'Runs', align: 'end', cell: ({ runs }) => runs },
]
