import type { OrderState } from '../state.ts'

/** Training is over once the trainer has reached the last step and every window is on chain. */
export function finishIfDone(state: Extract<OrderState, { phase: 'training' }>): OrderState {
  const { orderId, plan, work } = state
  if (!work.runDone || work.committed < plan.windows || work.amending !== undefined) return state
  return { phase: 'finishing', orderId, plan, work }
}
