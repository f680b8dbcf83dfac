import type { Order, Payment } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatClock } from '../format/formatTime.ts'

const columns: readonly Column<Payment>[] = [
  { header: 'What', isRowHeader: true, cell: ({ kind }) => kind.charAt(0).toUpperCase() + kind.slice(1) },
  { header: 'Amount', align: 'end', cell: (payment) => <Dev wei={payment.amountWei} /> },
  {
    header: 'Account',
    cell: ({ account, kind }) =>
      account ? (
        <Hash value={account} what={`the account: ${kind}`} />
      ) : (
        <span className="text-muted">{kind.startsWith('paid to') ? 'named in the transaction' : 'none'}</span>
      ),
  },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatClock(at)) },
  {
    header: 'Transaction',
    cell: ({ txHash, kind }) => <TxHash value={txHash} what={`the transaction: ${kind}`} />,
  },
]

/** Where the money went, each movement with its transaction. */
export const PaymentsCard = ({ order }: { order: Order }) => (
  <Card title="Payments" flush aside="oldest first">
    <DataTable
      caption="Movements of this order's money"
      columns={columns}
      rows={order.payments}
      rowKey={({ kind, txHash }) => `${kind} ${txHash}`}
    />
  </Card>
)
