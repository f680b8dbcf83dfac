import type { ChainRows } from '../db/ChainRows.ts'
import type { StoredEvent } from './storedEvent.ts'

/** Most events of a dispute name only the dispute; which order it is about was said when it was opened. */
export const addOrders = async (
  events: readonly StoredEvent[],
  rows: Pick<ChainRows, 'orderIdOfDispute'>,
): Promise<StoredEvent[]> => {
  const opened = new Map<number, number>()
  const known: StoredEvent[] = []
  for (const event of events) {
    const { disputeId, orderId } = event
    if (disputeId !== null && orderId !== null) opened.set(disputeId, orderId)
    const isNamed = disputeId === null || orderId !== null
    known.push(
      isNamed
        ? event
        : { ...event, orderId: opened.get(disputeId) ?? (await rows.orderIdOfDispute(disputeId)) ?? null },
    )
  }
  return known
}
