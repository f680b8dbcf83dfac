import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

/** The result is in the store; the chain hears of it next. */
export function handleResultPublished(
  state: OrderState,
  action: Extract<Action, { type: 'ResultPublished' }>,
): OrderState {
  if (state.phase === 'renting') {
    return { ...state, rental: { ...state.rental, resultCid: action.resultCid } }
  }
  return state.phase === 'finishing' ? { ...state, resultCid: action.resultCid } : state
}
