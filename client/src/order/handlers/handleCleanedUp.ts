import type { OrderState } from '../state.ts'

/** Nothing of a settled order runs or waits any more. */
export function handleCleanedUp(state: OrderState): OrderState {
  return state.phase === 'settled' ? { ...state, cleaned: true } : state
}
