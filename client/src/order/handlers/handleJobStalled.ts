import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

/** The job does nothing any more, and its window is late. */
export function handleJobStalled(
  state: OrderState,
  { message }: Extract<Action, { type: 'JobStalled' }>,
): OrderState {
  if (state.phase !== 'training') return state
  const { orderId, plan, work } = state
  return { phase: 'failing', orderId, plan, work, reason: 'JOB_STALLED', message }
}
