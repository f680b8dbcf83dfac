import type { Dispute, DisputePayment } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatClock } from '../format/formatTime.ts'
import { formatWei } from '../format/formatWei.ts'
import { bondParts } from './bondParts.ts'

const columns: readonly Column<DisputePayment>[] = [
  { header: 'What', isRowHeader: true, cell: ({ kind }) => kind.charAt(0).toUpperCase() + kind.slice(1) },
  { header: 'Amount', align: 'end', cell: ({ amountWei }) => <Dev wei={amountWei} /> },
  {
    header: 'Account',
    cell: ({ account, kind }) =>
      account ? (
        <Hash value={account} what={`the account: ${kind}`} />
      ) : (
        <span className="text-muted">–</span>
      ),
  },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  {
    header: 'Transaction',
    cell: ({ txHash, kind }) => <TxHash value={txHash} what={`the transaction: ${kind}`} />,
  },
]

/** What is at stake and who gets it, then what moved. */
export const MoneyCard = ({ dispute, className }: { dispute: Dispute; className: string }) => (
  <Card
    title="Money"
    flush
    className={className}
    aside={dispute.isBondHeld ? 'the bond is held' : 'the bond is settled'}
  >
    {dispute.stage !== 'Closed' && (
      <dl className="grid gap-4 border-b border-line px-4 py-5 sm:px-6 lg:grid-cols-3">
        {endings(dispute).map(([title, text]) => (
          <div key={title}>
            <dt className="font-medium">{title}</dt>
            <dd className="mt-1 text-pretty text-muted">{text}</dd>
          </div>
        ))}
      </dl>
    )}
    <DataTable
      caption="Movements of money in this dispute"
      columns={columns}
      rows={dispute.payments}
      rowKey={({ kind, txHash }) => `${kind} ${txHash}`}
    />
  </Card>
)

const endings = ({ bondWei, stakeWei, challengerRoot }: Dispute): [title: string, text: string][] => {
  const { toJurorsWei, toSellerWei, burnedWei } = bondParts(bondWei)
  const third =
    challengerRoot === null
      ? ''
      : ' If they came to a state that neither side named, the challenger gets none of it.'
  return [
    [
      'If the seller is right',
      `Of the challenger's bond of ${formatWei(bondWei)} DEV, ${formatWei(toJurorsWei)} go to the jurors who found so, ${formatWei(toSellerWei)} to the seller, and ${formatWei(burnedWei)} are burned. The audit goes on.`,
    ],
    [
      'If it is not',
      `The bond goes back. If it is fraud, the seller gets no pay and loses its stake of ${formatWei(stakeWei)} DEV. From it the payer gets the audit fee back, which goes to the challenger and the jurors who found so, and half of the rest does too; what is left is burned. The payer also gets the whole escrow back. If it is a fault, what was proved before that window is paid, and the slash is the audit fee and a fifth of the rest, twice as much for each fault of the seller in the month before. In an environment that the seller does not vouch for, pay ends there and nothing is slashed.${third}`,
    ],
    [
      'If two juries do not agree',
      'The bond goes back, and the order ends unaudited. Jurors who did not vote lose their seats.',
    ],
  ]
}
