import type { EventRecord } from './pallet.ts'

/** What the sender of an extrinsic paid for it, tip included, in the chain's own units. */
export function feeUnitsOf(events: readonly EventRecord[]): bigint {
  const paid = events.find(
    ({ event }) => event.section === 'transactionPayment' && event.method === 'TransactionFeePaid',
  )
  return paid ? BigInt(String(paid.event.data[1])) : 0n
}
