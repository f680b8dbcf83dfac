import type { Order } from '../../server/api/schemas.ts'
import { Card } from '../components/Card.tsx'
import { Dev } from '../components/Dev.tsx'
import { useNow } from '../live/useNow.ts'
import { Figure } from './Figure.tsx'
import { PaymentsCard } from './PaymentsCard.tsx'
import { costSoFarWei } from './runway.ts'

/** What is held, spent and comes back, then every movement with its transaction. */
const PaymentsTab = ({ order }: { order: Order }) => {
  const now = useNow()
  return (
    <div className="grid gap-6">
      <Card title="Money" aside={order.settledAt > 0 ? 'settled' : 'held by the contract until it settles'}>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
          {(order.settledAt > 0 ? settled(order) : held(order, now)).map(([name, wei, note]) => (
            <Figure key={name} name={name} note={note}>
              <Dev wei={wei} />
            </Figure>
          ))}
        </dl>
      </Card>
      <PaymentsCard order={order} />
    </div>
  )
}
export default PaymentsTab

type Amount = readonly [name: string, wei: string, note: string]

const settled = (order: Order): Amount[] => {
  const { escrowWei, auditFeeWei, paidWei, refundedWei, slashedWei, payments } = order
  const fromStakeWei = payments.find(({ kind }) => kind === 'of that, to payer')?.amountWei ?? '0'
  const whence = fromStakeWei === '0' ? 'to the payer' : 'to the payer, the used audit fee out of the stake'
  return [
    ['Was held', String(BigInt(escrowWei) + BigInt(auditFeeWei)), 'escrow and audit fee'],
    ['Paid', paidWei, 'of the escrow, protocol fee included'],
    ['Came back', String(BigInt(refundedWei) + BigInt(fromStakeWei)), whence],
    ['Taken from the seller', slashedWei, 'of its stake in this order'],
  ]
}

const held = (order: Order, now: number): Amount[] => {
  const { escrowWei, auditFeeWei, endedAt } = order
  const spent = costSoFarWei(order, now)
  const left = BigInt(escrowWei) - spent
  const when = endedAt > 0 ? 'of the escrow, at the settlement' : 'of the escrow, if it ended now'
  return [
    ['Escrow', escrowWei, 'for the longest time; nobody can take more'],
    ['Audit fee', auditFeeWei, 'for the auditors'],
    ['Spent so far', String(spent), 'if all that is committed holds'],
    ['Would come back', String(left > 0n ? left : 0n), when],
  ]
}
