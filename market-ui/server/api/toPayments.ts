import type { OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Payment } from './schemas.ts'

/**
 * Every movement of an order's money with its transaction; nothing moved is nothing listed. `settlement` are all events
 * of the settling transaction: where a slashed stake went is said by Staking, which does not know orders.
 */
export const toPayments = (
  facts: OrderFacts,
  events: readonly StoredEvent[],
  settlement: readonly StoredEvent[],
): Payment[] => {
  const { order } = facts
  return events.flatMap((event): Payment[] => {
    const { txHash, blockNumber, at } = event
    const where = { txHash, blockNumber, at }
    if (event.name === 'OrderPlaced')
      return [
        { kind: 'escrow held', amountWei: event.args.escrowWei, account: order.payer, ...where },
        { kind: 'audit fee held', amountWei: event.args.auditFeeWei, account: order.payer, ...where },
      ]
    if (event.name === 'OrderRenewed')
      return [{ kind: 'escrow added', amountWei: event.args.addedEscrowWei, account: order.payer, ...where }]
    if (event.name !== 'OrderSettled') return []
    const { paidWei, protocolFeeWei, auditorsPaidWei, refundedWei, slashedWei } = event.args
    const toSeller = (BigInt(paidWei) - BigInt(protocolFeeWei)).toString()
    const settled: Payment[] = [
      { kind: 'paid to seller', amountWei: toSeller, account: order.seller, ...where },
      { kind: 'protocol fee burned', amountWei: protocolFeeWei, account: null, ...where },
      {
        kind: slashedWei === '0' ? 'paid to auditors' : 'paid to those who proved it',
        amountWei: auditorsPaidWei,
        account: null,
        ...where,
      },
      { kind: 'refunded to payer', amountWei: refundedWei, account: order.payer, ...where },
      { kind: 'slashed from seller', amountWei: slashedWei, account: order.seller, ...where },
      ...slashParts(order, event, settlement).map((part) => ({ ...part, ...where })),
    ]
    return settled.filter((payment) => payment.amountWei !== '0')
  })
}

type Part = Pick<Payment, 'kind' | 'amountWei' | 'account'>

/** The seller's slash that follows the settlement it belongs to: Market says that it settles, then moves the money. */
const slashParts = (
  { seller, payer }: OrderFacts['order'],
  settled: StoredEvent,
  settlement: readonly StoredEvent[],
): Part[] => {
  const slash = settlement
    .filter((event) => event.name === 'Slashed')
    .find((event) => event.args.account === seller && event.logIndex > settled.logIndex)
  if (slash === undefined) return []
  return [
    { kind: 'of that, to payer', amountWei: slash.args.toPayerWei, account: payer },
    { kind: 'of that, to those who proved it', amountWei: slash.args.toChallengersWei, account: null },
    { kind: 'of that, burned', amountWei: slash.args.burnedWei, account: null },
  ]
}
