import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { TimelineEntry } from './schemas.ts'

/** What happened to an order on chain, oldest first. */
export const toTimeline = (events: readonly StoredEvent[]): TimelineEntry[] =>
  events.map((event) => ({
    name: event.name,
    detail: detailOf(event),
    txHash: event.txHash,
    blockNumber: event.blockNumber,
    at: event.at,
  }))

/** What an event says, in a few words; null if its name says it all. */
export const detailOf = (event: StoredEvent): string | null => {
  switch (event.name) {
    case 'WindowCommitted':
      return `window ${event.args.index}, ${event.args.segments} segments`
    case 'DrawSeeded':
      return `from block ${event.args.blockNumber}`
    case 'OrderEnded':
      return closeReasonName(event.args.closeReason) ?? String(event.args.closeReason)
    case 'PanelDrawn':
      return `${event.args.panel.length} auditors`
    case 'VerdictsCommitted':
    case 'VerdictsRevealed':
      return event.args.auditor
    case 'OrderSettled':
      return event.args.status
    default:
      return null
  }
}
