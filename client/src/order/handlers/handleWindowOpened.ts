import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

type OpeningAction = Extract<Action, { type: 'WindowOpened' } | { type: 'ResultDelivered' }>

/** What a refereed order had sealed others have now: its next window, or its result. */
export function handleWindowOpened(state: OrderState, action: OpeningAction): OrderState {
  if (!('work' in state) || state.work?.opened === undefined) return state
  if (action.type === 'ResultDelivered') return { ...state, work: { ...state.work, delivered: true } }
  if (action.window !== state.work.opened) return state
  return { ...state, work: { ...state.work, opened: state.work.opened + 1 } }
}
