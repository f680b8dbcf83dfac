import type { Action, ChainFacts } from '../../../client/src/order/action.ts'
import type { Effect } from '../../../client/src/order/effect.ts'
import { planOf } from '../../../client/src/order/plan.ts'
import { reduce } from '../../../client/src/order/reduce.ts'
import { type OrderState, seenOrder } from '../../../client/src/order/state.ts'

// 7 segments of 10 steps (the last has 5) in windows of 3, 3 and 1
const plan = planOf({ steps: 65, stepsPerSegment: 10, segmentsPerWindow: 3 })

export const facts = (status: ChainFacts['status'], more: Partial<ChainFacts> = {}): Action => ({
  type: 'ChainRead',
  facts: {
    status,
    closeReason: 0,
    windowCount: 0,
    nowMs: 1000,
    overrunAtMs: 0,
    lastWindowUntilMs: 0,
    ...more,
  },
})

export function run(actions: readonly Action[], from: OrderState = seenOrder('7')) {
  let state = from
  const effects: Effect[] = []
  for (const action of actions) {
    const [next, more] = reduce(state, action)
    state = next
    effects.push(...more)
  }
  return { state, effects, last: effects.at(-1) }
}

export const fetched: Extract<Action, { type: 'InputsFetched' }> = {
  type: 'InputsFetched',
  plan,
  committed: 0,
}
export const toTraining: Action[] = [
  facts('Preparing'),
  fetched,
  { type: 'SeedKnown', window: 0 },
  { type: 'SeedWritten', window: 0 },
  { type: 'SelfTestPassed' },
  facts('Training'),
]
export const seed = (window: number): Action[] => [
  { type: 'SeedKnown', window },
  { type: 'SeedWritten', window },
]
export const hashed = (first: number, end: number): Action[] =>
  Array.from({ length: end - first }, (_, i) => ({ type: 'SegmentHashed', segment: first + i }))
export const committed = (window: number): Action[] => [
  { type: 'WindowSigned', window },
  { type: 'EvidencePublished', window },
  { type: 'WindowCommitted', window },
]
export const ended = (outcome: Extract<Action, { type: 'RunEnded' }>['outcome'], attempt = 1): Action => ({
  type: 'RunEnded',
  attempt,
  outcome,
  message: 'why',
})
export const phaseOf = (actions: readonly Action[]) => run(actions).state.phase

/** Window 0 is on chain, window 1 under way, and seeds 1 and 2 are known. */
export const oneCommitted: Action[] = [
  ...toTraining,
  ...seed(1),
  ...hashed(0, 3),
  ...committed(0),
  ...seed(2),
  ...hashed(3, 5),
]
