import type { Machine } from '../../server/api/schemas.ts'
import { Chip, type Tone } from '../components/Chip.tsx'
import type { Column } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { VirtualTable } from '../components/VirtualTable.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { machineUrl, newOrderUrl, orderUrl } from '../url.ts'
import type { Ranked } from './rankMachines.ts'
import { gpuText, specsText } from './specsText.ts'
import { WhyRank } from './WhyRank.tsx'

const states: Record<Machine['status'], { tone: Tone; text: string }> = {
  None: { tone: 'neutral', text: 'Removed' },
  Idle: { tone: 'neutral', text: 'Not offered' },
  ForRent: { tone: 'ok', text: 'Free' },
  Renting: { tone: 'busy', text: 'Working' },
}

export const MachineState = ({ machine }: { machine: Machine }) => (
  <Chip tone={states[machine.status].tone}>{states[machine.status].text}</Chip>
)

export const ClassName = ({ name }: { name: string }) =>
  name === 'canonical' ? (
    <span title="The canonical trainer gives the same bits on any machine">canonical</span>
  ) : (
    <Hash value={name} what="the hardware class" />
  )

export type RankedRow = { readonly row: Ranked; readonly rank: number }

const columns: readonly (Column<RankedRow> & { readonly width: string })[] = [
  { header: 'Rank', width: 'w-16', cell: ({ row, rank }) => <WhyRank row={row} rank={rank} /> },
  {
    header: 'Machine',
    width: 'w-24',
    isRowHeader: true,
    cell: ({ row: { machine } }) => <Link href={machineUrl(machine.machineId)}>#{machine.machineId}</Link>,
  },
  { header: 'State', width: 'w-28', cell: ({ row: { machine } }) => <MachineState machine={machine} /> },
  {
    header: 'Hardware',
    width: '',
    cell: ({ row: { machine } }) => (
      <span title={specsText(machine)}>{gpuText(machine) ?? specsText(machine)}</span>
    ),
  },
  {
    header: 'Class',
    width: 'w-32',
    cell: ({ row: { machine } }) => <ClassName name={machine.hardwareClass} />,
  },
  {
    header: 'Price',
    width: 'w-36',
    align: 'end',
    cell: ({ row: { machine } }) =>
      machine.offer ? (
        <Price wei={machine.offer.pricePerHourWei} gpus={machine.specs?.gpus.length ?? 0} />
      ) : (
        <NoOffer />
      ),
  },
  {
    header: 'Longest',
    width: 'w-28',
    align: 'end',
    cell: ({ row: { machine } }) => (machine.offer ? formatSeconds(machine.offer.maxSeconds) : <NoOffer />),
  },
  {
    header: 'Done',
    width: 'w-32',
    align: 'end',
    cell: ({ row: { done, ended } }) =>
      ended === 0 ? (
        <span className="text-muted">new</span>
      ) : (
        `${formatPercent(done / ended)} of ${formatCount(ended)}`
      ),
  },
  {
    header: 'Order',
    width: 'w-24',
    align: 'end',
    cell: ({ row: { machine } }) => <OrderLink machine={machine} />,
  },
]

const OrderLink = ({ machine }: { machine: Machine }) => {
  if (machine.currentOrderId)
    return <Link href={orderUrl(machine.currentOrderId)}>order #{machine.currentOrderId}</Link>
  if (machine.status !== 'ForRent') return <span className="text-muted">–</span>
  return (
    <Link href={newOrderUrl({ machine: machine.machineId })}>
      Order<span className="sr-only"> machine {machine.machineId}</span>
    </Link>
  )
}

/** Of the machine, and of each GPU where there are several. */
const Price = ({ wei, gpus }: { wei: string; gpus: number }) => (
  <>
    <Dev wei={wei} per="hour" />
    {gpus > 1 && (
      <span className="block text-xs leading-none text-muted">
        <Dev wei={String(BigInt(wei) / BigInt(gpus))} per="GPU" />
      </span>
    )}
  </>
)

const NoOffer = () => <span className="text-muted">no offer</span>

export const MachinesTable = ({ rows }: { rows: readonly RankedRow[] }) => (
  <VirtualTable
    caption="Machines of the market with state and price"
    columns={columns}
    rows={rows}
    rowKey={({ row }) => row.machine.machineId}
  />
)
