import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

/** What the buyer ordered cannot be run as it stands: nobody is slashed. */
export function handleInputsRejected(
  state: OrderState,
  action: Extract<Action, { type: 'InputsRejected' }>,
): OrderState {
  if (state.phase !== 'fetching') return state
  return { phase: 'failing', orderId: state.orderId, reason: 'JOB_INVALID', message: action.message }
}
