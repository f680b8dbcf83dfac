import { useEffect, useState } from 'react'
import type { Notice } from '../../server/api/accountSchemas.ts'
import { Card } from '../components/Card.tsx'
import { Chip } from '../components/Chip.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Link } from '../components/Link.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageTitle } from '../components/PageTitle.tsx'
import { TxHash } from '../components/TxHash.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import { formatDateTime } from '../format/formatTime.ts'
import { disputeUrl, orderUrl, settingsUrl } from '../url.ts'
import { NeedsWallet } from '../wallet/NeedsWallet.tsx'
import { markRead, unreadOf } from './readMark.ts'
import { useInbox } from './useInbox.ts'

/** What happened that concerns the connected account. Opening it marks it as read. */
const InboxPage = () => (
  <>
    <PageTitle title="Inbox">Inbox</PageTitle>
    <NeedsWallet why="It shows what happens to your orders, machines and audits.">
      {(account) => <Notices account={account} />}
    </NeedsWallet>
  </>
)
export default InboxPage

const Notices = ({ account }: { account: string }) => {
  const { query, genesisHash } = useInbox()
  return (
    <div className="mt-6 grid gap-4">
      <p className="max-w-3xl text-muted">
        All of it is read from the chain. To be told elsewhere, turn on the browser's notifications or add a
        webhook in the <Link href={settingsUrl()}>settings</Link>.
      </p>
      <Loaded query={query} what="the inbox" skeletonRows={5}>
        {({ notices }) =>
          notices.length === 0 ? (
            <p>Nothing yet: what happens to your orders, machines and audits will be here.</p>
          ) : (
            genesisHash && (
              <List key={account} notices={notices} account={account} genesisHash={genesisHash} />
            )
          )
        }
      </Loaded>
    </div>
  )
}

type ListProps = {
  readonly notices: readonly Notice[]
  readonly account: string
  readonly genesisHash: string
}

const List = ({ notices, account, genesisHash }: ListProps) => {
  // What was new when the page was opened stays marked while it is read.
  const [wasRead] = useState(() => {
    const unread = new Set(unreadOf(notices, account, genesisHash).map(({ id }) => id))
    return new Set(notices.filter(({ id }) => !unread.has(id)).map(({ id }) => id))
  })
  const newest = notices[0]
  useEffect(() => {
    if (newest) markRead(account, genesisHash, newest)
  }, [account, genesisHash, newest])
  const rows = notices.map((notice) => ({ ...notice, isNew: !wasRead.has(notice.id) }))
  return (
    <Card title="Notices" flush aside={formatPlural(notices.length, 'notice')}>
      <DataTable
        caption="What concerns this account, newest first"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
      />
    </Card>
  )
}

const columns: readonly Column<Notice & { isNew: boolean }>[] = [
  {
    header: 'What',
    isRowHeader: true,
    cell: ({ text, isNew }) => (
      <span className="inline-flex flex-wrap items-center gap-2">
        {text} {isNew && <Chip tone="busy">New</Chip>}
      </span>
    ),
  },
  {
    header: 'Where',
    isOneLine: true,
    cell: ({ orderId, disputeId }) =>
      disputeId === null ? (
        <Link href={orderUrl(orderId)}>Order #{orderId}</Link>
      ) : (
        <Link href={disputeUrl(disputeId)}>Dispute #{disputeId}</Link>
      ),
  },
  { header: 'When', isOneLine: true, cell: ({ at }) => (at === null ? 'unknown' : formatDateTime(at)) },
  { header: 'Transaction', cell: ({ txHash }) => <TxHash value={txHash} what="the transaction" /> },
]
