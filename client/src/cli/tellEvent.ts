import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { WatchEvent } from '../buyer/watchOrder.ts'
import type { Say } from './say.ts'

/** Prints what happens to an order, line by line. */
export function tellEvent(say: Say, amount: (wei: bigint) => string): (event: WatchEvent) => void {
  return (event) => {
    if ('facts' in event) {
      const { status, paidWei, refundedWei } = event.facts
      const closeReason = reasonOf(event.facts)
      say.progress(
        { event: 'order', status, closeReason, paidWei, refundedWei },
        line('order', orderText(event.facts, closeReason, amount)),
      )
      return
    }
    const data: unknown = JSON.parse(event.data)
    say.progress({ event: event.event, data }, line(event.event, textOf(event.event, data)))
  }
}

function line(event: string, text: string): string {
  return `${event.padEnd(8)}  ${text}`
}

/** Why the order ended, by name; null while it is open. */
function reasonOf({ closeReason, settledAt }: OrderFacts): string | null {
  return settledAt === 0 ? null : (closeReasonName(closeReason) ?? `reason ${closeReason}`)
}

function orderText(facts: OrderFacts, closeReason: string | null, amount: (wei: bigint) => string): string {
  const { status, paidWei, refundedWei } = facts
  if (closeReason === null) return status
  const why = status === 'Completed' ? '' : ` (${closeReason})`
  return `${status}${why}: ${amount(paidWei)} paid, ${amount(refundedWei)} refunded`
}

function textOf(event: string, data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  if (event === 'progress' && 'step' in data && 'loss' in data) return `step ${data.step}, loss ${data.loss}`
  if (event === 'log' && 'line' in data) return String(data.line)
  if (event === 'state' && 'message' in data) return String(data.message)
  return JSON.stringify(data)
}
