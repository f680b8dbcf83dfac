import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Activity } from './schemas.ts'
import { detailOf } from './toTimeline.ts'

/** One entry of the feed: what happened to which order, and who did it if the event says so. */
export const toActivity = (event: StoredEvent, isDrand: boolean): Activity['activity'] => {
  if (event.orderId === null) return []
  const { name, txHash, blockNumber, logIndex, at } = event
  const account = actorOf(event)
  return [
    {
      name,
      detail: detailOf(event, isDrand),
      txHash,
      blockNumber,
      logIndex,
      at,
      orderId: String(event.orderId),
      account,
    },
  ]
}

const actorOf = ({ args }: StoredEvent): string | null => {
  if ('auditor' in args) return args.auditor
  if ('juror' in args) return args.juror
  return 'challenger' in args ? args.challenger : null
}
