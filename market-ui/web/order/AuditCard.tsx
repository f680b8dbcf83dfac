import type { DrawnSegment, Order, PanelMember } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Chip, type Tone } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { ProofMap } from './ProofMap.tsx'
import { proofStatement } from './proofStatement.ts'

const tones: Record<DrawnSegment['verdict'], Tone> = {
  pass: 'ok',
  fail: 'bad',
  unavailable: 'warn',
  pending: 'busy',
  undecided: 'neutral',
}

const segmentColumns: readonly Column<DrawnSegment>[] = [
  { header: 'Segment', isRowHeader: true, cell: (drawn) => formatCount(drawn.segment) },
  {
    header: 'Steps',
    cell: ({ firstStep, lastStep }) => `${formatCount(firstStep + 1)} to ${formatCount(lastStep)}`,
  },
  { header: 'Window', cell: (drawn) => drawn.window },
  { header: 'Why', cell: ({ why }) => (why === 'random' ? 'drawn by lot' : `always: the ${why} one`) },
  { header: 'Re-run by', cell: ({ auditors }) => <Auditors of={auditors} /> },
  { header: 'Votes', cell: (drawn) => votes(drawn) },
  { header: 'Verdict', cell: ({ verdict }) => <Chip tone={tones[verdict]}>{verdict}</Chip> },
]

const votes = ({ passes, fails, unavailables, verdict }: DrawnSegment): string => {
  const parts = [
    [passes, 'pass'],
    [fails, 'fail'],
    [unavailables, 'unavailable'],
  ] as const
  const given = parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ')
  return given || (verdict === 'pending' ? 'none yet' : 'none')
}

const panelColumns: readonly Column<PanelMember>[] = [
  {
    header: 'Auditor',
    isRowHeader: true,
    cell: (member) => <Hash value={member.auditor} what="the auditor's address" />,
  },
  { header: 'Re-runs', cell: ({ segments }) => rangesText(segments) },
  {
    header: 'State',
    cell: ({ phase }) => (
      <Chip tone={phase === 'revealed' ? 'ok' : phase === 'committed' ? 'busy' : 'neutral'}>{phase}</Chip>
    ),
  },
  {
    header: 'Commitment',
    cell: (member) => <Tx hash={member.commitTxHash} what="the commitment's transaction" />,
  },
  { header: 'Reveal', cell: (member) => <Tx hash={member.revealTxHash} what="the reveal's transaction" /> },
  {
    header: 'Report',
    cell: ({ report }) => (report ? <Hash value={report} what="the report's CID" /> : <None />),
  },
]

const Auditors = ({ of }: { of: readonly string[] }) =>
  of.length === 0 ? (
    <None />
  ) : of.length > 2 ? (
    `all ${of.length}`
  ) : (
    <span className="grid">
      {of.map((auditor) => (
        <Hash key={auditor} value={auditor} what="the auditor's address" />
      ))}
    </span>
  )

const rangesText = (segments: readonly number[]): string =>
  segments.length === 0 ? 'none' : [...segments].sort((a, b) => a - b).join(', ')

const Tx = ({ hash, what }: { hash: string | null; what: string }) =>
  hash ? <TxHash value={hash} what={what} /> : <None />

const None = () => <span className="text-muted">none</span>

/** What is proved and what is not, then the draw and the panel. */
export const AuditCard = ({ order }: { order: Order }) => {
  const { audit } = order
  const statement = proofStatement(order)
  const hasDraw = order.endedAt > 0 && audit.drawn.length > 0
  return (
    <Card title="Proof" flush aside={outcomeText(order)}>
      <div className="grid gap-4 px-4 py-5 sm:px-6">
        <div className="max-w-3xl text-pretty">
          <p>{statement.proved}</p>
          <p className="mt-1 text-muted">{statement.notProved}</p>
        </div>
        <ProofMap order={order} />
      </div>
      {hasDraw && (
        <>
          <h3 className="border-t border-line px-4 pt-4 pb-1 font-semibold sm:px-6">Drawn segments</h3>
          <DataTable
            caption="Segments drawn for audit"
            columns={segmentColumns}
            rows={[...audit.drawn].sort((a, b) => a.segment - b.segment)}
            rowKey={(drawn) => String(drawn.segment)}
          />
        </>
      )}
      {hasDraw && audit.panel.length > 0 && (
        <>
          <h3 className="border-t border-line px-4 pt-4 pb-1 font-semibold sm:px-6">Panel</h3>
          <DataTable
            caption="Auditors drawn for this order"
            columns={panelColumns}
            rows={audit.panel}
            rowKey={(member) => member.auditor}
          />
        </>
      )}
    </Card>
  )
}

const outcomeText = ({ audit, endedAt, status }: Order) => {
  if (endedAt === 0) return 'audited after training'
  if (status === 'Disputed') return <Chip tone="warn">Disputed</Chip>
  const looks: Record<typeof audit.outcome, { tone: Tone; text: string }> = {
    Pending: { tone: 'busy', text: 'Audit pending' },
    Pass: { tone: 'ok', text: 'Audit passed' },
    Fail: { tone: 'bad', text: 'Fraud found' },
    Unavailable: { tone: 'bad', text: 'Not served' },
    Unaudited: { tone: 'warn', text: 'Unaudited' },
    Fault: { tone: 'bad', text: 'Fault found' },
    Mismatch: { tone: 'warn', text: 'Replay differs' },
    Mismatches: { tone: 'bad', text: 'Replays differ' },
    NotDeterministic: { tone: 'warn', text: 'Not deterministic' },
    Undecided: { tone: 'busy', text: 'A larger panel comes' },
  }
  const { tone, text } = looks[audit.outcome]
  return <Chip tone={tone}>{text}</Chip>
}
