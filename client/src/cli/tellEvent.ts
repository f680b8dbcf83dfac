import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { WatchEvent } from '../buyer/watchOrder.ts'
import type { Say } from './say.ts'
import { parseData, textOfEvent } from './textOfEvent.ts'

/** Prints what happens to an order, line by line. */
export function tellEvent(say: Say, amount: (wei: bigint) => string): (event: WatchEvent) => void {
  return (event) => {
    if ('facts' in event)
      say.progress({ event: 'order', ...orderFacts(event.facts) }, orderLine(event.facts, amount))
    else say.progress({ event: event.event, data: parseData(event.data) }, textOfEvent(event))
  }
}

/** Where an order stands, in few facts. */
export function orderFacts(facts: OrderFacts) {
  const { status, paidWei, refundedWei } = facts
  return { status, closeReason: reasonOf(facts), paidWei, refundedWei }
}

/** Why the order ended, by name; null while it is open. */
function reasonOf({ closeReason, settledAt }: OrderFacts): string | null {
  return settledAt === 0 ? null : (closeReasonName(closeReason) ?? `reason ${closeReason}`)
}

function orderLine(facts: OrderFacts, amount: (wei: bigint) => string): string {
  const { status, paidWei, refundedWei } = facts
  const closeReason = reasonOf(facts)
  const why = status === 'Completed' ? '' : ` (${closeReason})`
  const money = `${why}: ${amount(paidWei)} paid, ${amount(refundedWei)} refunded`
  return `order     ${status}${closeReason === null ? '' : money}`
}
