import type { WatchEvent } from '../buyer/watchOrder.ts'
import type { Say } from './say.ts'

/** Prints what happens to an order, line by line. */
export function tellEvent(say: Say, amount: (wei: bigint) => string): (event: WatchEvent) => void {
  return (event) => {
    if ('facts' in event) {
      const { status, paidWei, refundedWei, settledAt } = event.facts
      const money = settledAt === 0 ? '' : `: ${amount(paidWei)} paid, ${amount(refundedWei)} refunded`
      say.progress({ event: 'order', status, paidWei, refundedWei }, `order   ${status}${money}`)
      return
    }
    const data: unknown = JSON.parse(event.data)
    say.progress({ event: event.event, data }, `${event.event.padEnd(8)}${textOf(event.event, data)}`)
  }
}

function textOf(event: string, data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  if (event === 'progress' && 'step' in data && 'loss' in data) return `step ${data.step}, loss ${data.loss}`
  if (event === 'log' && 'line' in data) return String(data.line)
  if (event === 'state' && 'message' in data) return String(data.message)
  return JSON.stringify(data)
}
