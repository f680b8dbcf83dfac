import type { Action } from '../action.ts'
import { firstSegmentOf, firstStepOf } from '../plan.ts'
import type { OrderState, Work } from '../state.ts'

/** A reorg (or a beacon that moved on) changed a window's seed: everything from that window on is redone. */
export function handleSeedsChanged(
  state: OrderState,
  action: Extract<Action, { type: 'SeedsChanged' }>,
): OrderState {
  if (state.phase === 'starting') return { ...state, phase: 'selfTest', work: rewind(state.work, 0, 0) }
  if (state.phase !== 'selfTest' && state.phase !== 'training') return state
  const segment = firstSegmentOf(state.plan, action.window)
  const work = rewind(state.work, action.window, segment)
  if (state.phase === 'selfTest') return { ...state, work }
  const fromStep = firstStepOf(state.plan, work.hashed)
  return { ...state, work: { ...work, attempt: work.attempt + 1, fromStep, runDone: false } }
}

function rewind(work: Work, window: number, segment: number): Work {
  return {
    ...work,
    seeds: Math.min(work.seeds, window),
    seedsWritten: Math.min(work.seedsWritten, window),
    hashed: Math.min(work.hashed, segment),
    signed: Math.min(work.signed, Math.max(window, work.committed)),
    published: Math.min(work.published, Math.max(window, work.committed)),
  }
}
