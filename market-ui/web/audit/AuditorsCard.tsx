import { useQuery } from '@tanstack/react-query'
import type { Auditors } from '../../server/api/accountSchemas.ts'
import { auditorsQuery } from '../api/queries.ts'
import { Card } from '../components/Card.tsx'
import { type Column, DataTable } from '../components/DataTable.tsx'
import { Dev } from '../components/Dev.tsx'
import { Hash } from '../components/Hash.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { formatCount, formatPlural } from '../format/formatNumber.ts'

const columns: readonly Column<Auditors['auditors'][number]>[] = [
  {
    header: 'Auditor',
    isRowHeader: true,
    cell: ({ account }) => <Hash value={account} what="the auditor's address" />,
  },
  { header: 'Drawn for', cell: ({ drawn }) => formatPlural(drawn, 'order') },
  { header: 'Gave verdicts', cell: ({ gave }) => formatCount(gave) },
  { header: 'Earned', align: 'end', cell: ({ earnedWei }) => <Dev wei={earnedWei} /> },
]

/** Who re-runs work here, and what it earned them. */
export const AuditorsCard = ({ className }: { className: string }) => {
  const query = useQuery(auditorsQuery())
  return (
    <Card
      title="Auditors"
      flush
      className={className}
      aside={query.data && `of the last ${formatPlural(query.data.orders, 'order')}`}
    >
      <Loaded query={query} what="auditors" skeletonRows={2}>
        {({ auditors }) =>
          auditors.length === 0 ? (
            <p className="px-4 py-5 text-muted sm:px-6">Nobody was drawn yet.</p>
          ) : (
            <DataTable
              caption="Auditors by what they earned"
              columns={columns}
              rows={auditors}
              rowKey={({ account }) => account}
              firstRows={8}
            />
          )
        }
      </Loaded>
    </Card>
  )
}
