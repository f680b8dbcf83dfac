import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Activity } from './schemas.ts'
import { detailOf } from './toTimeline.ts'

/** One entry of the feed: what happened to which order, and who did it if the event says so. */
export const toActivity = (event: StoredEvent): Activity['activity'] => {
  if (event.orderId === null) return []
  const { name, txHash, blockNumber, logIndex, at } = event
  const account = 'auditor' in event.args ? event.args.auditor : null
  return [
    {
      name,
      detail: detailOf(event),
      txHash,
      blockNumber,
      logIndex,
      at,
      orderId: String(event.orderId),
      account,
    },
  ]
}
