import { positionsIn, unpackVerdicts, type VerdictName } from '@trainyard/contracts/verdictCommitment.ts'
import type { OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import type { Audit, DrawnSegment, PanelMember } from './schemas.ts'

/** What was drawn, who audits it, and what they said so far. */
export const toAudit = (facts: OrderFacts, all: readonly StoredEvent[]): Audit => {
  const { audit, round, draw } = facts
  // What the first panel said counts no more once a larger one sits.
  const redrawnAt = all.findLastIndex(({ name }) => name === 'PanelRedrawn')
  const redrawn = all[redrawnAt]
  const events = all.slice(redrawnAt + 1)
  const panel = membersOf(facts, events).map((auditor, place) => toMember(auditor, place, facts, events))
  // What a larger panel was not asked about the first one passed.
  const unpassed = redrawn?.name === 'PanelRedrawn' ? positionsIn(BigInt(redrawn.args.unpassed)) : undefined
  return {
    outcome: audit.outcome,
    round,
    evicted: redrawn?.name === 'PanelRedrawn' ? Number(redrawn.args.silent) : 0,
    ready: draw.ready,
    drawn: draw.segments.map((segment, index) => {
      const isPassedBefore = unpassed !== undefined && !unpassed.includes(index)
      return toDrawn(segment, index, facts, panel, isPassedBefore)
    }),
    panel,
    committed: audit.committed,
    revealed: audit.revealed,
    deadlineAt: audit.deadlineAt,
    failedSegment: isAgainst(audit.outcome) ? audit.failedSegment : null,
    byAgreement: audit.outcome === 'Pass' && isByAgreement(events),
  }
}

/** A pass that pays no auditor. */
const isByAgreement = (events: readonly StoredEvent[]): boolean => {
  const passed = events.findLast(({ name }) => name === 'AuditPassed')
  return passed?.name === 'AuditPassed' && passed.args.agreeing.length === 0
}

/** Decided by a jury about one segment. */
const isAgainst = (outcome: Audit['outcome']): boolean =>
  ['Fail', 'Unavailable', 'Fault', 'Mismatch', 'Mismatches', 'NotDeterministic'].includes(outcome)

/** A panel that signed together is not stored on chain: its verdicts name it. */
const membersOf = ({ draw }: OrderFacts, events: readonly StoredEvent[]): readonly string[] => {
  if (draw.panel.length > 0) return draw.panel
  return events.flatMap((event) => (event.name === 'VerdictsRevealed' ? [event.args.auditor] : []))
}

const toMember = (
  auditor: string,
  place: number,
  { draw, shares }: OrderFacts,
  events: readonly StoredEvent[],
): PanelMember => {
  const commit = events.findLast(
    (event) => event.name === 'VerdictsCommitted' && event.args.auditor === auditor,
  )
  const reveal = events
    .filter((event) => event.name === 'VerdictsRevealed')
    .findLast((event) => event.args.auditor === auditor)
  // What a member says it says of its whole share.
  const share = shares.shares[place] ?? reveal?.args.verdicts ?? 0
  return {
    auditor,
    phase: reveal ? 'revealed' : commit ? 'committed' : 'drawn',
    segments: positionsIn(BigInt(share)).flatMap((position) => draw.segments[position] ?? []),
    verdicts: reveal ? unpackVerdicts(BigInt(reveal.args.verdicts), draw.segments.length) : [],
    report: reveal?.args.report ?? null,
    commitTxHash: commit?.txHash ?? null,
    revealTxHash: reveal?.txHash ?? null,
  }
}

const toDrawn = (
  segment: number,
  index: number,
  facts: OrderFacts,
  panel: readonly PanelMember[],
  isPassedBefore: boolean,
): DrawnSegment => {
  const { stepsPerSegment, segmentsPerWindow, steps } = facts.order.terms
  const votes = (word: VerdictName) => panel.filter((member) => member.verdicts[index] === word).length
  const [passes, fails, unavailables] = [votes('pass'), votes('fail'), votes('unavailable')]
  const isPassed = facts.round === 0 ? passes > 0 && fails + unavailables === 0 : 2 * passes > panel.length
  const why = segment === 0 ? 'first' : segment === facts.committedSegments - 1 ? 'last' : 'random'
  return {
    segment,
    firstStep: segment * stepsPerSegment,
    lastStep: Math.min((segment + 1) * stepsPerSegment, steps),
    window: Math.floor(segment / segmentsPerWindow),
    why,
    auditors: panel.filter((member) => member.segments.includes(segment)).map(({ auditor }) => auditor),
    passes,
    fails,
    unavailables,
    verdict: verdictOn(segment, isPassedBefore || isPassed, facts),
  }
}

/** Verdicts only pass: of a first panel by all who said anything, of a larger one by more than half. That a segment does not hold is decided by a dispute. */
const verdictOn = (
  segment: number,
  isPassed: boolean,
  { order, audit }: OrderFacts,
): DrawnSegment['verdict'] => {
  if (audit.failedSegment === segment && audit.outcome === 'Unavailable') return 'unavailable'
  if (audit.failedSegment === segment && isAgainst(audit.outcome)) return 'fail'
  if (isPassed) return 'pass'
  return order.settledAt > 0 ? 'undecided' : 'pending'
}
