import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { useNow } from '../live/useNow.ts'
import { Figure } from './Figure.tsx'
import { PaymentsCard } from './PaymentsCard.tsx'
import { costSoFarWei } from './runway.ts'

/** What is held, spent and comes back, then every movement with its transaction. */
const PaymentsTab = ({ order }: { order: Order }) => (
  <div className="grid gap-6">
    <Card title="Money" aside={order.settledAt > 0 ? 'settled' : 'held by the contract until it settles'}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
        {order.settledAt > 0 ? <Settled order={order} /> : <Held order={order} />}
      </dl>
    </Card>
    <PaymentsCard order={order} />
  </div>
)
export default PaymentsTab

const Settled = ({ order }: { order: Order }) => (
  <>
    <Figure name="Was held" note="escrow and audit fee">
      <Dev wei={sum(order.escrowWei, order.auditFeeWei)} />
    </Figure>
    <Figure name="Paid" note="of the escrow, protocol fee included">
      <Dev wei={order.paidWei} />
    </Figure>
    <Figure name="Came back" note="to the payer">
      <Dev wei={order.refundedWei} />
    </Figure>
    <Figure name="Taken from the seller" note="of its stake in this order">
      <Dev wei={order.slashedWei} />
    </Figure>
  </>
)

const Held = ({ order }: { order: Order }) => {
  const now = useNow()
  const spent = costSoFarWei(order, now)
  const escrow = BigInt(order.escrowWei)
  return (
    <>
      <Figure name="Escrow" note="for the longest time; nobody can take more">
        <Dev wei={order.escrowWei} />
      </Figure>
      <Figure name="Audit fee" note="for the auditors">
        <Dev wei={order.auditFeeWei} />
      </Figure>
      <Figure name="Spent so far" note="if all that is committed holds">
        <Dev wei={String(spent)} />
      </Figure>
      <Figure
        name="Would come back"
        note={order.endedAt > 0 ? 'of the escrow, at the settlement' : 'of the escrow, if it ended now'}
      >
        <Dev wei={String(spent < escrow ? escrow - spent : 0n)} />
      </Figure>
    </>
  )
}

const sum = (a: string, b: string): string => String(BigInt(a) + BigInt(b))
