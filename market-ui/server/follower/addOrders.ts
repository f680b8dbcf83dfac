import type { ChainRows } from '../db/ChainRows.ts'
import type { StoredEvent } from './storedEvent.ts'

/** Most events of a dispute name only the dispute; which order it is about was said when it was opened. */
export const addOrders = (
  events: readonly StoredEvent[],
  rows: Pick<ChainRows, 'orderIdOfDispute'>,
): StoredEvent[] => {
  const opened = new Map<number, number>()
  return events.map((event) => {
    const { disputeId, orderId } = event
    if (disputeId === null) return event
    if (orderId === null)
      return { ...event, orderId: opened.get(disputeId) ?? rows.orderIdOfDispute(disputeId) ?? null }
    opened.set(disputeId, orderId)
    return event
  })
}
