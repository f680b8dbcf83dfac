import type { Order } from '../../server/api/schemas.ts'
import { findingText } from '../dispute/disputeWords.ts'
import { formatPercent, formatPlural } from '../format/formatNumber.ts'
import { worstCaseDetection } from './worstCaseDetection.ts'

const FAKED_SHARE = 0.3

export type ProofStatement = { readonly proved: string; readonly notProved: string }

/** What the audit of an order says and what it does not, in plain words. */
export const proofStatement = (order: Order): ProofStatement => {
  const { audit, committedSegments } = order
  const passed = audit.drawn.filter((drawn) => drawn.verdict === 'pass').length
  const rest = Math.max(0, committedSegments - audit.drawn.length)
  return { proved: proved(order, passed), notProved: notProved(order, passed, rest) }
}

const proved = (order: Order, passed: number): string => {
  const { audit, committedSegments } = order
  if (audit.failedSegment !== null) return convicted(order)
  if (audit.outcome === 'Unaudited')
    return 'Nothing is proved. In time, not every drawn segment was passed by its auditors or by most of a larger panel, or no jury agreed on a dispute.'
  if (audit.byAgreement && order.twin)
    return `Two sellers, this one and that of order #${order.twin.orderId}, trained all ${formatPlural(committedSegments, 'segment')} and came to the same state, bit for bit, after every window. Each had committed to its own before it could know the other's.`
  if (passed === 0) return 'Nothing is proved yet. What the page shows of this run is what the seller says.'
  const panel =
    audit.panel.length === 1
      ? '1 auditor, who'
      : audit.round === 0
        ? `${audit.panel.length} auditors, each segment by one and a third of them by two, who`
        : `a panel, what that one left in doubt by ${audit.panel.length} auditors more, most of whom`
  return `${passed} of ${formatPlural(committedSegments, 'segment')} were re-run by ${panel} ${order.mode === 'Tolerance' ? 'came within the job’s tolerance of what' : 'got the same bits as'} the seller had committed before anyone could know which segments would be drawn.`
}

/** Verdicts only pass an order: against the seller decides a jury, or what the seller committed itself. */
const convicted = (order: Order): string => {
  const { failedSegment } = order.audit
  const dispute = convictionOf(order)
  if (!dispute?.found)
    return `What the seller committed about segment ${failedSegment} contradicts itself: its states do not follow from one another. Everybody can check that on the chain.`
  const agreed = dispute.jury.filter(({ found }) => found === dispute.found).length
  return `Segment ${failedSegment} was challenged, and ${agreed} of ${formatPlural(dispute.jury.length, 'juror')} drawn by lot found that ${findingText(dispute, dispute.found)}.`
}

const payAfter = (outcome: Order['audit']['outcome']): string =>
  outcome === 'Fault' || outcome === 'Mismatch'
    ? 'what was committed before its window is paid, and nothing after it'
    : outcome === 'NotDeterministic'
      ? 'the job gives no one result, and all that was committed is paid'
      : 'nothing of this order is paid'

const convictionOf = ({ audit, disputes }: Order) =>
  disputes.find(({ segment, sellerWins }) => segment === audit.failedSegment && sellerWins === false)

const notProved = (order: Order, passed: number, rest: number): string => {
  const { audit } = order
  if (audit.failedSegment !== null)
    return `One such segment is enough: ${payAfter(audit.outcome)}.${convictionOf(order) ? ' This rests on two thirds of that jury being honest.' : ''}`
  if (audit.outcome === 'Unaudited') return 'What the page shows of this run is what the seller says.'
  if (audit.byAgreement)
    return 'Nobody else re-ran it. All of this rests on the two sellers not being one person, and on one of them being honest.'
  if (passed === 0 && order.twin && order.twin.differsFrom !== null && !audit.ready)
    return `Order #${order.twin.orderId} came to another state from window ${order.twin.differsFrom} on, so one of them is wrong: once both have ended auditors drawn by lot re-run parts of each.`
  if (passed === 0 && order.twin && !audit.ready)
    return `Once both have ended: where this order and #${order.twin.orderId} came to the same, that is the proof. Where not, auditors drawn by lot re-run parts of each.`
  if (passed === 0)
    return order.endedAt > 0
      ? trust(order)
      : 'After training, auditors drawn by lot re-run segments drawn by lot.'
  if (rest === 0) return trust(order)
  const faked = Math.ceil(order.committedSegments * FAKED_SHARE)
  const chance = formatPercent(worstCaseDetection(order, faked))
  const share = `${FAKED_SHARE * 100}\u00a0%`
  return `The other ${formatPlural(rest, 'segment')} were not re-run. Had the seller faked ${faked} segments (${share}), spread so that they are hardest to hit, the draw would have hit one with a chance of ${chance}. ${trust(order)}`
}

const trust = ({ audit }: Order): string => {
  if (audit.panel.length === 1) return 'All of this rests on that one auditor being honest.'
  return audit.round === 0
    ? 'All of this rests on the one or two auditors of each segment being honest.'
    : 'All of this rests on most of the panel being honest.'
}
