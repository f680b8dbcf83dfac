import { memo, type ReactNode } from 'react'
import type { Machine } from '../../server/api/schemas.ts'
import { Link } from '../components/Link.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { formatAgo, formatSeconds } from '../format/formatTime.ts'
import { exactDev, formatWei } from '../format/formatWei.ts'
import { machineUrl, newOrderUrl, orderUrl } from '../url.ts'
import { formatUt } from './formatUt.ts'
import { MachineState } from './MachineState.tsx'
import type { Ranked } from './rankMachines.ts'
import { specsLines, specsText } from './specsText.ts'

type Props = {
  readonly row: Ranked
  /** Among the rows shown, from 0. */
  readonly index: number
  readonly topPx: number
  readonly onWhy: (row: Ranked) => void
}

/** One machine of the list. Drawn again only when something of it changed: a scroll draws none that is there already. */
export const MachineRow = memo(({ row, index, topPx, onWhy }: Props) => {
  const { machine, rank } = row
  const [hardware, driver, place] = specsLines(machine)
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see MachinesTable
    <tr role="row" aria-rowindex={index + 2} style={{ top: topPx }}>
      {/* biome-ignore lint/a11y/noRedundantRoles: see MachinesTable */}
      <th role="rowheader" scope="row" data-label="Machine">
        <button
          type="button"
          onClick={() => onWhy(row)}
          aria-label={`Rank ${rank}: why?`}
          className="mr-1 min-h-6 min-w-6 rounded px-1 text-left font-normal text-accent underline decoration-dotted underline-offset-4"
        >
          {rank}
        </button>
        <Link href={machineUrl(machine.machineId)}>#{machine.machineId}</Link>
        <small>
          <MachineState machine={machine} />
        </small>
      </th>
      <Cell
        label="Hardware"
        title={`${specsText(machine)}; ${place}; class ${machine.hardwareClass}`}
        more={driver}
        last={place}
      >
        {hardware}
      </Cell>
      <Price row={row} />
      <Score row={row} />
      <Done row={row} />
      <Uptime uptime={machine.uptime} />
      <Cell label="Longest">{machine.offer ? formatSeconds(machine.offer.maxSeconds) : 'no offer'}</Cell>
      <Proof machine={machine} />
      <Cell label="Order">
        <OrderLink machine={machine} />
      </Cell>
    </tr>
  )
})

type CellProps = {
  readonly label: string
  readonly children: ReactNode
  readonly title?: string
  readonly more?: string | undefined
  readonly last?: string
}

/** A fact, and in small what belongs to it. */
const Cell = ({ label, title, children, more, last }: CellProps) => (
  // biome-ignore lint/a11y/noRedundantRoles: see MachinesTable
  <td role="cell" data-label={label} title={title}>
    {children}
    {more && <small>{more}</small>}
    {last && <small>{last}</small>}
  </td>
)

const Price = ({ row: { machine, gpus } }: { row: Ranked }) => {
  if (machine.offer === null) return <Cell label="Price">no offer</Cell>
  const { pricePerHourWei: wei } = machine.offer
  const each = gpus > 1 ? `${formatWei(String(BigInt(wei) / BigInt(gpus)), 4)} DEV / GPU` : undefined
  return (
    <Cell label="Price" title={`${exactDev(wei)} / hour`} more={each}>
      {formatWei(wei, 4)} DEV / hour
    </Cell>
  )
}

const Score = ({ row: { machine, score, utPerDev } }: { row: Ranked }) =>
  score === 0 ? (
    <Cell label="Score" more="no credits">
      –
    </Cell>
  ) : (
    <Cell
      label="Score"
      title="Credits of proved work a day, fading by half in a week"
      more={machine.offer ? `${formatUt(utPerDev)} / DEV` : undefined}
    >
      {formatUt(score)} / day
    </Cell>
  )

const Done = ({ row: { done, ended, reliability } }: { row: Ranked }) =>
  ended === 0 ? (
    <Cell label="Done" more="no orders yet">
      new
    </Cell>
  ) : (
    <Cell label="Done" more={`at least ${formatPercent(reliability)}`}>
      {formatPercent(done / ended)} of {formatCount(ended)}
    </Cell>
  )

const Uptime = ({ uptime }: { uptime: Machine['uptime'] }) =>
  uptime === null ? (
    <Cell label="Uptime">not asked</Cell>
  ) : (
    <Cell
      label="Uptime"
      title="Answers of its endpoint to this server within the last seven days"
      more={`of ${formatCount(uptime.asked)} in 7 d`}
    >
      {formatPercent(uptime.answered / uptime.asked)}
    </Cell>
  )

const Proof = ({ machine: { proofModes, proved } }: { machine: Machine }) => (
  <Cell label="Proof" more={proved ? `last ${formatAgo(proved.lastAt)}` : 'none proved yet'}>
    {proofModes === null
      ? 'not known'
      : proofModes.map((mode) => mode.toLowerCase()).join(', ') || 'no auditors'}
  </Cell>
)

const OrderLink = ({ machine }: { machine: Machine }) => {
  if (machine.currentOrderId)
    return <Link href={orderUrl(machine.currentOrderId)}>order #{machine.currentOrderId}</Link>
  if (machine.status !== 'ForRent') return '–'
  return (
    <Link href={newOrderUrl({ machine: machine.machineId })}>
      Order<span className="sr-only"> machine {machine.machineId}</span>
    </Link>
  )
}
