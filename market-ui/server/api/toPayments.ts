import type { OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Payment } from './schemas.ts'

/** Every movement of an order's money with its transaction. Nothing moved is nothing listed. */
export const toPayments = (facts: OrderFacts, events: readonly StoredEvent[]): Payment[] => {
  const { order } = facts
  return events.flatMap((event): Payment[] => {
    const { txHash, blockNumber, at } = event
    const where = { txHash, blockNumber, at }
    if (event.name === 'OrderPlaced')
      return [
        { kind: 'escrow held', amountWei: event.args.escrowWei, account: order.payer, ...where },
        { kind: 'audit fee held', amountWei: event.args.auditFeeWei, account: order.payer, ...where },
      ]
    if (event.name !== 'OrderSettled') return []
    const { paidWei, protocolFeeWei, auditorsPaidWei, refundedWei, slashedWei } = event.args
    const toSeller = (BigInt(paidWei) - BigInt(protocolFeeWei)).toString()
    const settled: Payment[] = [
      { kind: 'paid to seller', amountWei: toSeller, account: order.seller, ...where },
      { kind: 'protocol fee burned', amountWei: protocolFeeWei, account: null, ...where },
      { kind: 'paid to auditors', amountWei: auditorsPaidWei, account: null, ...where },
      { kind: 'refunded to payer', amountWei: refundedWei, account: order.payer, ...where },
      { kind: 'slashed from seller', amountWei: slashedWei, account: order.seller, ...where },
    ]
    return settled.filter((payment) => payment.amountWei !== '0')
  })
}
