import { closeReasonName } from '@trainyard/contracts/words.ts'
import type { DisputeFacts, OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import { findingOf } from './findingOf.ts'
import type { Dispute, DisputeSummary } from './schemas.ts'
import { toDisputePayments } from './toDisputePayments.ts'
import { toTimeline } from './toTimeline.ts'

export type DisputeSources = {
  readonly facts: DisputeFacts
  readonly order: OrderFacts
  /** Of this dispute, oldest first. */
  readonly events: readonly StoredEvent[]
  /** All events of the transaction that closed it; empty before. */
  readonly closing: readonly StoredEvent[]
  readonly isDrand: boolean
}

/** Everything a page shows of one dispute: the view for where it stands, events for who found what and when. */
export const toDispute = (disputeId: number, sources: DisputeSources): Dispute => {
  const { facts, order, events, closing, isDrand } = sources
  const { buyer, payer, seller, machineId, stakeWei, status, closeReason } = order.order
  return {
    ...toDisputeSummary(disputeId, facts, order, events, isDrand),
    machineId,
    buyer,
    payer,
    seller,
    stakeWei,
    orderStatus: status,
    orderCloseReason: closeReason === 0 ? null : (closeReasonName(closeReason) ?? String(closeReason)),
    payments: toDisputePayments(facts, order, events, closing),
  }
}

/** A dispute as its order and lists show it. */
export const toDisputeSummary = (
  disputeId: number,
  facts: DisputeFacts,
  { order: { terms } }: OrderFacts,
  events: readonly StoredEvent[],
  isDrand: boolean,
): DisputeSummary => {
  const answered = events.find((event) => event.name === 'Answered')
  const closed = events.findLast((event) => event.name === 'DisputeClosed')
  const found = closed ? findingOf(closed.args.found) : null
  return {
    id: String(disputeId),
    orderId: facts.orderId,
    challenger: facts.challenger,
    segment: facts.segment,
    firstStep: facts.segment * terms.stepsPerSegment,
    lastStep: Math.min((facts.segment + 1) * terms.stepsPerSegment, terms.steps),
    step: facts.step,
    answer: answered === undefined ? null : answered.args.step === 0 ? 'served' : 'steps',
    agreedRoot: answered ? findingOf(answered.args.preRoot) : null,
    sellerRoot: findingOf(facts.sellerRoot) ?? 'valid',
    challengerRoot: findingOf(facts.challengerRoot),
    bondWei: facts.bondWei,
    isBondHeld: closed === undefined,
    round: facts.round,
    stage: facts.stage,
    deadlineAt: facts.deadlineAt,
    sealDeadline: facts.sealDeadline,
    further: [...facts.further],
    jury: facts.jury.map((juror) => ({ juror, ...voteOf(juror, facts.round, events) })),
    found,
    sellerWins: found === null ? null : (closed?.args.sellerWins ?? null),
    entries: toTimeline(events, isDrand),
  }
}

const voteOf = (juror: string, round: number, events: readonly StoredEvent[]) => {
  const isSealed = events
    .filter((event) => event.name === 'BallotSealed')
    .some(({ args }) => args.juror === juror && args.round === round)
  const cast = events
    .filter((event) => event.name === 'BallotCast')
    .find(({ args }) => args.juror === juror && args.round === round)
  return {
    found: cast ? findingOf(cast.args.found) : null,
    isSealed,
    othersHold: cast?.args.othersHold ?? null,
    txHash: cast?.txHash ?? null,
  }
}
