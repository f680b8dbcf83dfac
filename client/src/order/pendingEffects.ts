import { closeReasons } from '@trainyard/contracts/words.ts'
import { assertUnreachable } from '../assertUnreachable.ts'
import { pendingRental } from '../rental/pendingRental.ts'
import type { Effect } from './effect.ts'
import { endSegmentOf, type Plan, windowOfSegment } from './plan.ts'
import type { OrderState, Work } from './state.ts'

/**
 * Everything that a state wants done, from nothing but the state: after a restart the same list comes out,
 * so nothing depends on what was under way when the process died.
 */
export function pendingEffects(state: OrderState): Effect[] {
  switch (state.phase) {
    case 'seen':
      return [{ type: 'ReadChain' }]
    case 'fetching':
      return [{ type: 'FetchInputs' }]
    case 'selfTest':
      return selfTestEffects(state.plan, state.work)
    case 'renting':
      return pendingRental(state.rental)
    case 'starting':
      return [...seedEffects(state.plan, state.work), { type: 'SendStart' }]
    case 'training':
      return trainingEffects(state.plan, state.work)
    case 'finishing':
      return [
        ...openingEffects(state.work),
        state.resultCid === undefined
          ? { type: 'PublishResult' }
          : { type: 'SendCompleted', resultCid: state.resultCid },
      ]
    case 'failing':
      return [
        { type: 'StopRuns' },
        ...openingEffects(state.work),
        { type: 'SendFailed', reason: state.reason },
      ]
    case 'closing':
      return [{ type: 'StopRuns' }, ...closingEffects(state)]
    case 'ended':
      return [{ type: 'StopRuns' }, ...endedEffects(state), { type: 'ShowRounds' }, { type: 'SettleIfDue' }]
    case 'settled':
      return state.cleaned ? [] : [{ type: 'CleanUp' }]
    default:
      return assertUnreachable(state)
  }
}

function selfTestEffects(plan: Plan, work: Work): Effect[] {
  const effects = seedEffects(plan, work)
  if (work.seedsWritten > 0) effects.push({ type: 'RunSelfTest' })
  return effects
}

function trainingEffects(plan: Plan, work: Work): Effect[] {
  const effects = seedEffects(plan, work)
  if (!work.runDone) {
    effects.push({ type: 'RunTrainer', attempt: work.attempt, fromStep: work.fromStep })
  }
  if (work.hashed < plan.segments && windowOfSegment(plan, work.hashed) < work.seedsWritten) {
    effects.push({ type: 'HashSegment', segment: work.hashed, attempt: work.attempt })
  }
  return [...effects, ...windowEffects(work, (window) => endSegmentOf(plan, window))]
}

/**
 * Seed w is known once beacon w is; beacon w is anchored by the order's placing, its start, or window w-2, and anew if that
 * is amended.
 */
function seedEffects(plan: Plan, work: Work): Effect[] {
  const effects: Effect[] = []
  const anchored = work.seeds < 2 || work.seeds - 2 < (work.amending ?? work.committed)
  if (work.seeds < plan.windows && anchored) effects.push({ type: 'AwaitSeed', window: work.seeds })
  if (work.seedsWritten < work.seeds) effects.push({ type: 'WriteWindowSeed', window: work.seedsWritten })
  return effects
}

/** The short last window ends at endSegment; no window after it may be signed. */
function closingEffects({ plan, work, endSegment }: Extract<OrderState, { phase: 'closing' }>): Effect[] {
  return windowEffects(work, (window) => (window < work.committed ? endSegmentOf(plan, window) : endSegment))
}

/** The result of a refereed order tells what was trained: it is for others once its last window is. */
function endedEffects({ plan, work, closeReason }: Extract<OrderState, { phase: 'ended' }>): Effect[] {
  const opening = openingEffects(work)
  if (!plan || work?.opened === undefined || work.delivered) return opening
  const isDue = closeReason === closeReasons.WORK_COMPLETED && work.opened === plan.windows
  return isDue ? [...opening, { type: 'DeliverResult' }] : opening
}

/** Windows of a refereed order are opened in turn; how soon, its twin says. */
function openingEffects(work: Work | undefined): Effect[] {
  if (work?.opened === undefined || work.opened >= Math.min(work.committed, work.signed)) return []
  return [{ type: 'OpenWindow', window: work.opened }]
}

/**
 * Sign, publish, commit or amend, of a refereed order sign, seal, open: each window in turn, each stage as soon as the one
 * before allows.
 */
function windowEffects(work: Work, endSegmentOfWindow: (window: number) => number): Effect[] {
  const effects: Effect[] = []
  const next = endSegmentOfWindow(work.signed)
  const previous = work.signed === 0 ? 0 : endSegmentOfWindow(work.signed - 1)
  // The window before is on chain: until it is, what is found wrong of it cannot be amended.
  if (next > previous && work.hashed >= next && work.signed <= work.committed) {
    effects.push({ type: 'SignWindow', window: work.signed, endSegment: next })
  }
  if (work.opened !== undefined) {
    effects.push(...openingEffects(work))
    const { committed: window } = work
    const endSegment = endSegmentOfWindow(window)
    return window < work.signed ? [...effects, { type: 'SealWindow', window, endSegment }] : effects
  }
  if (work.published < work.signed) effects.push({ type: 'PublishEvidence', window: work.published })
  if (work.amending !== undefined) {
    if (work.published > work.amending) effects.push({ type: 'AmendWindow', window: work.amending })
    return effects
  }
  if (work.committed < work.published) {
    effects.push({
      type: 'CommitWindow',
      window: work.committed,
      endSegment: endSegmentOfWindow(work.committed),
    })
  }
  return effects
}
