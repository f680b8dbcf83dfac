import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'
import { finishIfDone } from './finishIfDone.ts'

/** The chain has of the window what this machine has, amended or as it was. */
export function handleWindowMended(
  state: OrderState,
  { window }: Extract<Action, { type: 'WindowMended' }>,
): OrderState {
  if (state.phase !== 'training' || state.work.amending !== window) return state
  const { amending: _, ...work } = state.work
  return finishIfDone({ ...state, work })
}
