import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { DisputesTable } from '../dispute/DisputesTable.tsx'
import { formatPlural } from '../format/formatNumber.ts'
import { AuditCard } from './AuditCard.tsx'
import { TwinCard } from './TwinCard.tsx'
import { WindowsCard } from './WindowsCard.tsx'

/** What is proved, by what: the statement with draws and verdicts, disputes, and the windows on chain. */
const ProofsTab = ({ order }: { order: Order }) => (
  <div className="grid gap-6">
    <AuditCard order={order} />
    <TwinCard order={order} />
    {order.disputes.length > 0 && (
      <Card title="Disputes" flush aside={formatPlural(order.disputes.length, 'dispute')}>
        <DisputesTable disputes={order.disputes} />
      </Card>
    )}
    <WindowsCard order={order} />
  </div>
)
export default ProofsTab
