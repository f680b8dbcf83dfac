import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

/** An effect failed in a way that waiting does not mend (full disk, broken driver): the seller gives up. */
export function handleEffectGaveUp(
  state: OrderState,
  action: Extract<Action, { type: 'EffectGaveUp' }>,
): OrderState {
  switch (state.phase) {
    case 'fetching':
      return {
        phase: 'failing',
        orderId: state.orderId,
        reason: 'SELLER_GAVE_UP',
        message: action.message,
      }
    case 'renting': {
      const { orderId, rental } = state
      return { phase: 'failing', orderId, rental, reason: 'SELLER_GAVE_UP', message: action.message }
    }
    case 'selfTest':
    case 'starting':
    case 'training':
    case 'finishing': {
      const { orderId, plan, work } = state
      return { phase: 'failing', orderId, plan, work, reason: 'SELLER_GAVE_UP', message: action.message }
    }
    default:
      return state
  }
}
