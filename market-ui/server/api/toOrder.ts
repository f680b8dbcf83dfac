import { comparePair } from '@trainyard/verifier/referee/comparePair.ts'
import type { OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { DisputeSummary, JobSummary, Order, Result } from './schemas.ts'
import { toAudit } from './toAudit.ts'
import { toOrderSummary } from './toOrderSummary.ts'
import { toPayments } from './toPayments.ts'
import { toTimeline } from './toTimeline.ts'
import { toSealedWindows, toWindows } from './toWindows.ts'

export type OrderSources = {
  readonly facts: OrderFacts
  readonly events: readonly StoredEvent[]
  /** Of a refereed order, the same of the other one. */
  readonly twin: { readonly facts: OrderFacts; readonly events: readonly StoredEvent[] } | undefined
  /** All events of the transaction that settled the order; empty before. */
  readonly settlement: readonly StoredEvent[]
  readonly confirmSeconds: number
  readonly isDrand: boolean
  readonly disputes: readonly DisputeSummary[]
  readonly job: JobSummary | null
  readonly result: Result | null
}

/** Everything a page shows of one order: views for what is true now, events for when and in which transaction. */
export const toOrder = (orderId: number, sources: OrderSources): Order => {
  const { facts, events, job } = sources
  const { order } = facts
  const { terms } = order
  // Without proof nothing is cut into segments.
  const totalSegments = terms.steps === 0 ? 0 : Math.ceil(terms.steps / terms.stepsPerSegment)
  return {
    ...toOrderSummary(orderId, facts, job?.name ?? null),
    offerId: terms.offerId,
    jobHash: terms.jobHash,
    jobCid: jobCidOf(events),
    job,
    resumed: resumedOf(events),
    pricePerHourWei: order.pricePerHourWei,
    stakeWei: order.stakeWei,
    maxSeconds: terms.maxSeconds,
    stepMicros: terms.stepMicros,
    stepsPerSegment: terms.stepsPerSegment,
    segmentsPerWindow: terms.segmentsPerWindow,
    draws: terms.draws,
    mode: terms.mode,
    vouched: terms.vouched,
    phaseDeadlineAt: phaseDeadlineAt(facts, sources.confirmSeconds),
    totalSegments,
    totalWindows: totalSegments === 0 ? 0 : Math.ceil(totalSegments / terms.segmentsPerWindow),
    windows: toWindows(events, terms.segmentsPerWindow),
    sealedWindows: toSealedWindows(events, terms.segmentsPerWindow),
    twin: twinOf(sources),
    audit: toAudit(facts, events),
    disputes: [...sources.disputes],
    payments: toPayments(facts, events, sources.settlement),
    timeline: toTimeline(events, sources.isDrand),
    result: sources.result,
  }
}

const twinOf = ({ facts, events, twin }: OrderSources): Order['twin'] => {
  if (twin === undefined) return null
  const { segmentsPerWindow } = facts.order.terms
  const { status, seller } = twin.facts.order
  const compared = comparePair(
    toWindows(events, segmentsPerWindow),
    toWindows(twin.events, segmentsPerWindow),
  )
  return { orderId: facts.twin, status, seller, ...compared }
}

const resumedOf = (events: readonly StoredEvent[]): Order['resumed'] => {
  const args = events.findLast((event) => event.name === 'OrderResumed')?.args
  return args ? { orderId: args.fromOrderId, window: args.window, stateRoot: args.stateRoot } : null
}

/** The CID of the job's JSON, from the event that placed the order. */
export const jobCidOf = (events: readonly StoredEvent[]): string | null =>
  events.findLast((event) => event.name === 'OrderPlaced')?.args.jobCid ?? null

/** The CID the seller gave for the result; null while there is none. */
export const resultCidOf = (events: readonly StoredEvent[]): string | null =>
  events.findLast((event) => event.name === 'OrderEnded')?.args.resultCid || null

const phaseDeadlineAt = ({ order, audit }: OrderFacts, confirmSeconds: number): number | null => {
  if (order.status === 'Preparing') return order.placedAt + confirmSeconds
  if (order.status === 'Training') return order.startedAt + order.terms.maxSeconds
  if (order.status === 'Auditing') return audit.deadlineAt || null
  return null
}
