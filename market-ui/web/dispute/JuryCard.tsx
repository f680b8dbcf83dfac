import type { Dispute, Finding } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Chip } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { findingText, findingWord } from './disputeWords.ts'
import { JurorNote } from './JurorNote.tsx'

type Row = Dispute['jury'][number]

const columnsOf = (dispute: Dispute): readonly Column<Row>[] => [
  {
    header: 'Juror',
    isRowHeader: true,
    cell: ({ juror }) => <Hash value={juror} what="the juror's address" />,
  },
  {
    header: 'Found',
    cell: ({ found, isSealed, othersHold }) =>
      found === null ? (
        <span className="text-muted">{missing(dispute, isSealed)}</span>
      ) : (
        <Found dispute={dispute} found={found} othersHold={othersHold} />
      ),
  },
  {
    header: 'Transaction',
    cell: ({ txHash }) =>
      txHash === null ? (
        <span className="text-muted">–</span>
      ) : (
        <TxHash value={txHash} what="the vote's transaction" />
      ),
  },
]

const missing = ({ stage }: Dispute, isSealed: boolean): string => {
  if (stage === 'Closed') return 'no vote'
  return isSealed ? 'sealed' : 'not yet'
}

type FoundProps = {
  readonly dispute: Dispute
  readonly found: Finding
  readonly othersHold: boolean | null
}

const Found = ({ dispute, found, othersHold }: FoundProps) => {
  const { tone, text } = findingWord(dispute, found)
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Chip tone={tone}>{text}</Chip>
      {found.startsWith('0x') && <Hash value={found} what="the state the juror found" />}
      {tone === 'bad' && othersHold !== null && dispute.further.length > 0 && (
        <span className="text-muted">{othersHold ? 'the others hold' : 'others are wrong too'}</span>
      )}
    </span>
  )
}

/** Who judges, and what each found. */
export const JuryCard = ({ dispute, className }: { dispute: Dispute; className: string }) => (
  <Card title="Jury" flush className={className} aside={`round ${dispute.round + 1} of 2`}>
    {dispute.jury.length === 0 ? (
      <p className="px-4 py-5 text-muted sm:px-6">
        {dispute.stage === 'Voting'
          ? 'Nobody could be drawn: no auditor of this hardware class is without a part in the order.'
          : 'None is drawn. Jurors are drawn by lot from the auditors of the machine’s hardware class; buyer, payer, seller and challenger are left out.'}
      </p>
    ) : (
      <DataTable
        caption="Jurors and what each found"
        columns={columnsOf(dispute)}
        rows={dispute.jury}
        rowKey={({ juror }) => juror}
      />
    )}
    {dispute.further.length > 0 && (
      <p className="border-t border-line px-4 py-3 text-muted sm:px-6">
        Where it is wrong, jurors also replay segments {dispute.further.join(', ')}: if all of these hold it
        was a fault, else fraud.
      </p>
    )}
    <JurorNote dispute={dispute} />
    {dispute.found !== null && (
      <p className="border-t border-line px-4 py-3 sm:px-6">
        Two thirds found that {findingText(dispute, dispute.found)}.
      </p>
    )}
  </Card>
)
