import { memo, type ReactNode } from 'react'
import type { Machine } from '../../server/api/machineSchemas.ts'
import { Link } from '../components/Link.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { formatAgo, formatSeconds } from '../format/formatTime.ts'
import { exactDev, shortWei } from '../format/formatWei.ts'
import { modeText } from '../ordering/proofModes.ts'
import { machineUrl, newOrderUrl, orderUrl } from '../url.ts'
import { shortUt } from './formatUt.ts'
import { stateWords } from './MachineState.tsx'
import type { Ranked } from './rankMachines.ts'
import { specsLines, specsText } from './specsText.ts'

type Props = {
  readonly row: Ranked
  /** Among the rows shown, from 0. */
  readonly index: number
  readonly topPx: number
  /** Draws what catches the eye while the row passes; one that was drawn whole stays so. */
  readonly isBrief: boolean
  readonly onWhy: (row: Ranked) => void
}

const isAsDrawn = (before: Props, now: Props): boolean =>
  before.row === now.row &&
  before.index === now.index &&
  before.topPx === now.topPx &&
  (now.isBrief || !before.isBrief)

/**
 * One machine of the list. A fast scroll makes hundreds of rows a second, so a row is one component with as few elements
 * as say what it has to say, and is drawn again only when something of it changed.
 */
export const MachineRow = memo(({ row, index, topPx, isBrief, onWhy }: Props) => {
  const { machine, rank } = row
  if (isBrief) return <BriefRow row={row} index={index} topPx={topPx} />
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see MachinesTable
    <tr role="row" aria-rowindex={index + 2} style={{ top: topPx }}>
      {/* biome-ignore lint/a11y/noRedundantRoles: see MachinesTable */}
      <th role="rowheader" scope="row" data-label="Machine">
        <button type="button" onClick={() => onWhy(row)} aria-label={`Rank ${rank}: why?`}>
          {rank}
        </button>
        <Link href={machineUrl(machine.machineId)}>#{machine.machineId}</Link>
        <small data-state={machine.status}>{stateWords[machine.status].text}</small>
      </th>
      {cellsOf(row).map(({ label, text, small, title }) => (
        // biome-ignore lint/a11y/noRedundantRoles: see MachinesTable
        <td key={label} role="cell" data-label={label} title={title}>
          {text}
          {small && <small>{small}</small>}
        </td>
      ))}
    </tr>
  )
}, isAsDrawn)

const BriefRow = ({ row: { machine }, index, topPx }: Pick<Props, 'row' | 'index' | 'topPx'>) => (
  // biome-ignore lint/a11y/noRedundantRoles: see MachinesTable
  <tr role="row" aria-rowindex={index + 2} style={{ top: topPx }}>
    {/* biome-ignore lint/a11y/noRedundantRoles: see MachinesTable */}
    <th role="rowheader" scope="row" data-label="Machine">
      #{machine.machineId}
    </th>
    {/* biome-ignore lint/a11y/noRedundantRoles: see MachinesTable */}
    <td role="cell" data-label="Hardware">
      {specsLines(machine)[0]}
    </td>
    {/* biome-ignore lint/a11y/noRedundantRoles: see MachinesTable */}
    <td role="cell" data-label="Price">
      {machine.offer ? `${shortWei(machine.offer.pricePerHourWei)} DEV / hour` : 'no offer'}
    </td>
  </tr>
)

/** A fact, and in small what belongs to it. */
type Cell = {
  readonly label: string
  readonly text: ReactNode
  readonly small?: string | undefined
  readonly title?: string
}

const cellsOf = (row: Ranked): readonly Cell[] => {
  const { machine } = row
  return [
    hardwareCell(machine),
    priceCell(row),
    scoreCell(row),
    doneCell(row),
    uptimeCell(machine),
    { label: 'Longest', text: machine.offer ? formatSeconds(machine.offer.maxSeconds) : 'no offer' },
    proofCell(machine),
    { label: 'Order', text: <OrderLink machine={machine} /> },
  ]
}

const hardwareCell = (machine: Machine): Cell => {
  const [text, ...more] = specsLines(machine)
  const title = `${specsText(machine)}; ${more[1]}; class ${machine.hardwareClass}`
  return { label: 'Hardware', text, small: `\n${more.join('\n')}`, title }
}

const priceCell = ({ machine: { offer }, gpus }: Ranked): Cell => {
  if (offer === null) return { label: 'Price', text: 'no offer' }
  const wei = offer.pricePerHourWei
  const small = gpus > 1 ? `${shortWei(String(BigInt(wei) / BigInt(gpus)))} DEV / GPU` : undefined
  return { label: 'Price', text: `${shortWei(wei)} DEV / hour`, small, title: `${exactDev(wei)} / hour` }
}

const scoreCell = ({ machine, score, utPerDev }: Ranked): Cell =>
  score === 0
    ? { label: 'Score', text: '–', small: 'no credits' }
    : {
        label: 'Score',
        text: `${shortUt(score)}/day`,
        small: machine.offer ? `${shortUt(utPerDev)}/DEV` : undefined,
        title: 'Credits of proved work a day, fading by half in a week',
      }

const doneCell = ({ done, ended, reliability }: Ranked): Cell =>
  ended === 0
    ? { label: 'Done', text: 'new', small: 'no orders yet' }
    : {
        label: 'Done',
        text: `${formatPercent(done / ended)} of ${formatCount(ended)}`,
        small: `at least ${formatPercent(reliability)}`,
      }

const uptimeCell = ({ uptime }: Machine): Cell =>
  uptime === null
    ? { label: 'Uptime', text: 'not asked' }
    : {
        label: 'Uptime',
        text: formatPercent(uptime.answered / uptime.asked),
        small: `of ${formatCount(uptime.asked)} in 7 d`,
        title: 'Answers of its endpoint to this server within the last seven days',
      }

const strongestFirst = ['Bitwise', 'Refereed', 'Tolerance', 'None'] as const

/** The strongest proof that can be had, and how many other modes; all of them on hover and on the machine's page. */
const proofCell = ({ proofModes, proved }: Machine): Cell => {
  const modes = strongestFirst.filter((mode) => proofModes?.includes(mode)).map(modeText)
  const [best = proofModes === null ? 'not known' : 'no auditors', ...others] = modes
  return {
    label: 'Proof',
    text: others.length === 0 ? best : `${best} +${others.length}`,
    title: modes.join(', '),
    small: proved ? `last ${formatAgo(proved.lastAt)}` : 'none proved yet',
  }
}

const OrderLink = ({ machine }: { machine: Machine }) => {
  if (machine.currentOrderId)
    return <Link href={orderUrl(machine.currentOrderId)}>order #{machine.currentOrderId}</Link>
  if (machine.status !== 'ForRent') return '–'
  return (
    <Link
      href={newOrderUrl({ machine: machine.machineId })}
      aria-label={`Order machine ${machine.machineId}`}
    >
      Order
    </Link>
  )
}
