import type { Machine } from '../../server/api/schemas.ts'
import { Chip, type Tone } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Link } from '../components/Link.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatSeconds } from '../format/formatTime.ts'
import { orderUrl } from '../url.ts'

const states: Record<Machine['status'], { tone: Tone; text: string }> = {
  None: { tone: 'neutral', text: 'Removed' },
  Idle: { tone: 'neutral', text: 'Not offered' },
  ForRent: { tone: 'ok', text: 'Free' },
  Renting: { tone: 'busy', text: 'Working' },
}

const columns: readonly Column<Machine>[] = [
  { header: 'Machine', isRowHeader: true, cell: (machine) => `#${machine.machineId}` },
  {
    header: 'State',
    cell: (machine) => (
      <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
        <Chip tone={states[machine.status].tone}>{states[machine.status].text}</Chip>
        {machine.currentOrderId && (
          <Link href={orderUrl(machine.currentOrderId)}>order #{machine.currentOrderId}</Link>
        )}
      </span>
    ),
  },
  { header: 'Hardware class', cell: (machine) => <ClassName name={machine.hardwareClass} /> },
  {
    header: 'Price',
    align: 'end',
    cell: (machine) => (machine.offer ? <Dev wei={machine.offer.pricePerHourWei} per="hour" /> : <NoOffer />),
  },
  {
    header: 'Longest order',
    cell: (machine) => (machine.offer ? formatSeconds(machine.offer.maxSeconds) : <NoOffer />),
  },
  {
    header: 'Orders done',
    cell: ({ completed, failed, expired }) =>
      `${formatCount(completed)} of ${formatCount(completed + failed + expired)}`,
  },
  { header: 'Seller', cell: (machine) => <Hash value={machine.owner} what="the seller's address" /> },
]

const ClassName = ({ name }: { name: string }) =>
  name === 'canonical' ? (
    <span title="The canonical trainer gives the same bits on any machine">canonical</span>
  ) : (
    <Hash value={name} what="the hardware class" />
  )

const NoOffer = () => <span className="text-muted">no offer</span>

export const MachinesTable = ({ machines }: { machines: readonly Machine[] }) => (
  <DataTable
    caption="Machines of the market with state and price"
    columns={columns}
    rows={machines}
    rowKey={(machine) => machine.machineId}
  />
)
