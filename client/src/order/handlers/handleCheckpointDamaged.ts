import type { Action } from '../action.ts'
import { firstSegmentOf, firstStepOf } from '../plan.ts'
import type { OrderState } from '../state.ts'

/**
 * A checkpoint of a window is not what was hashed: the window is trained again from its first one. What is on chain of it
 * is amended if something else comes out; only the newest committed window can be, and none that was sealed. Its amendment anchors beacon window + 2
 * anew, so that seed is forgotten.
 */
export function handleCheckpointDamaged(
  state: OrderState,
  { window, message }: Extract<Action, { type: 'CheckpointDamaged' }>,
): OrderState {
  if (state.phase !== 'training' && state.phase !== 'finishing') return state
  const { orderId, plan, work } = state
  const amendable = work.opened === undefined ? 1 : 0
  if (work.amending !== undefined || window < work.committed - amendable) return state
  const segment = firstSegmentOf(plan, window)
  return {
    phase: 'training',
    orderId,
    plan,
    message,
    work: {
      ...work,
      ...(window < work.committed ? { amending: window } : {}),
      seeds: Math.min(work.seeds, window + 2),
      seedsWritten: Math.min(work.seedsWritten, window + 2),
      hashed: Math.min(work.hashed, segment),
      signed: Math.min(work.signed, window),
      published: Math.min(work.published, window),
      attempt: work.attempt + 1,
      fromStep: firstStepOf(plan, segment),
      runDone: false,
    },
  }
}
