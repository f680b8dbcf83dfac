import { memo } from 'react'
import type { Order, TimelineEntry } from '../../server/api/schemas.ts'
import { eventWords } from '../audit/eventWords.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Hash } from '../components/Hash.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatCount } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'

const columns: readonly Column<TimelineEntry>[] = [
  { header: 'What', isRowHeader: true, cell: ({ name }) => eventWords(name) },
  { header: 'Detail', cell: ({ detail }) => <Detail text={detail} /> },
  { header: 'When', cell: ({ at }) => (at === null ? 'unknown' : formatDateTime(at)) },
  { header: 'Block', align: 'end', cell: ({ blockNumber }) => formatCount(blockNumber) },
  {
    header: 'Transaction',
    cell: ({ txHash, name }) => <TxHash value={txHash} what={`the transaction: ${eventWords(name)}`} />,
  },
]

const Detail = ({ text }: { text: string | null }) => {
  if (text === null) return <span className="text-muted">–</span>
  return text.startsWith('0x') ? <Hash value={text} what="the account's address" /> : text
}

/** What happened to an order on chain, newest first. Kept as it is while the feed moves. */
export const TimelineCard = memo(({ order, className }: { order: Order; className: string }) => (
  <Card title="What happened" flush className={className} aside="newest first">
    <DataTable
      caption="What happened to this order on chain, newest first"
      columns={columns}
      rows={[...order.timeline].reverse()}
      rowKey={({ name, detail, txHash }) => `${name} ${detail} ${txHash}`}
      firstRows={6}
    />
  </Card>
))
