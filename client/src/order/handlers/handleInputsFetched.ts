import type { Action } from '../action.ts'
import { newWork, type OrderState } from '../state.ts'

/** Job and data are checked: test them, or go straight on if the chain says that training had begun. */
export function handleInputsFetched(
  state: OrderState,
  action: Extract<Action, { type: 'InputsFetched' }>,
): OrderState {
  if (state.phase !== 'fetching') return state
  const { orderId, resume } = state
  const work = newWork(action.committed, action.opened)
  return { phase: resume ? 'training' : 'selfTest', orderId, plan: action.plan, work }
}
