import { positionsIn } from '@trainyard/contracts/verdictCommitment.ts'
import { closeReasonWords } from '@trainyard/contracts/words.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import { findingOf } from './findingOf.ts'
import type { TimelineEntry } from './schemas.ts'

/**
 * What happened to an order on chain, oldest first.
 * @param isDrand drand's rounds draw on this chain, and not hashes of blocks
 */
export const toTimeline = (events: readonly StoredEvent[], isDrand: boolean): TimelineEntry[] => {
  const isRefereed = events.some(({ name }) => name === 'WindowSealed')
  return events.map((event) => ({
    name: event.name,
    detail: event.name === 'WindowCommitted' && isRefereed ? openedText(event) : detailOf(event, isDrand),
    txHash: event.txHash,
    blockNumber: event.blockNumber,
    at: event.at,
  }))
}

/** Of a window that was sealed before. */
const openedText = ({ args }: Extract<StoredEvent, { name: 'WindowCommitted' }>): string =>
  `window ${args.index}, opened`

/** What an event says, in a few words; null if its name says it all. */
export const detailOf = (event: StoredEvent, isDrand: boolean): string | null => {
  switch (event.name) {
    case 'WindowCommitted':
      return `window ${event.args.index}, ${event.args.segments} segments`
    case 'WindowSealed':
      return `window ${event.args.index}, ${event.args.segments} segments: what it holds is told once the other seller has sealed its own`
    case 'OrderResumed':
      return `window ${event.args.window} of order ${event.args.fromOrderId}`
    case 'WindowLate':
      return `window ${event.args.index}: one segment of it more is drawn, which the seller pays`
    case 'WindowAmended':
      return `window ${event.args.index}, amendment ${event.args.amendment}: one segment of it more is drawn, which the seller pays`
    case 'DrawSeeded':
      return `from ${isDrand ? 'drand round' : 'block'} ${event.args.position}`
    case 'OrderEnded':
      return closeReasonWords(event.args.closeReason)
    case 'PanelDrawn':
      return plural(event.args.panel.length, 'auditor')
    case 'PanelRedrawn':
      return `for ${positionsIn(BigInt(event.args.unpassed)).length} segments; ${event.args.silent} of the first panel were silent and lost their seats`
    case 'VerdictsCommitted':
    case 'VerdictsRevealed':
      return event.args.auditor
    case 'AuditPassed':
      return event.args.agreeing.length === 0
        ? 'two sellers came to the same, and nobody re-ran it'
        : `by ${plural(event.args.agreeing.length, 'auditor')}`
    case 'OrderSettled':
      return event.args.status
    default:
      return disputeDetailOf(event)
  }
}

const disputeDetailOf = (event: StoredEvent): string | null => {
  switch (event.name) {
    case 'Challenged':
      return `segment ${event.args.segment}`
    case 'Answered':
      return event.args.step === 0 ? 'it is served' : `they differ first on its step ${event.args.step}`
    case 'JuryDrawn':
      return `${plural(event.args.jury.length, 'juror')}, round ${event.args.round + 1}`
    case 'BallotCast':
      return `found ${wordOf(event.args.found)}`
    case 'JuryUndecided':
      return `round ${event.args.round + 1}`
    case 'DisputeClosed': {
      if (findingOf(event.args.found) === null) return 'nothing found'
      return `found ${wordOf(event.args.found)}: ${event.args.sellerWins ? 'the seller was right' : 'against the seller'}`
    }
    default:
      return null
  }
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const wordOf = (found: string): string => {
  const finding = findingOf(found)
  return finding?.startsWith('0x') ? `the state ${finding.slice(0, 6)}…${finding.slice(-4)}` : String(finding)
}
