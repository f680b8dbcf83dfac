import { assertUnreachable } from '../../assertUnreachable.ts'
import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'

type SelfTestAction = Extract<
  Action,
  { type: 'SelfTestPassed' } | { type: 'SelfTestDiffered' } | { type: 'SelfTestFailed' }
>

/** Two runs of the first segment were compared, before any clock of the buyer's ran. */
export function handleSelfTestEnded(state: OrderState, action: SelfTestAction): OrderState {
  if (state.phase !== 'selfTest') return state
  const { orderId, plan, work } = state
  switch (action.type) {
    case 'SelfTestPassed':
      return { ...state, phase: 'starting' }
    case 'SelfTestDiffered':
      return {
        phase: 'failing',
        orderId,
        plan,
        work,
        reason: 'JOB_NOT_DETERMINISTIC',
        message: action.message,
      }
    case 'SelfTestFailed':
      return { phase: 'failing', orderId, plan, work, reason: 'JOB_INVALID', message: action.message }
    default:
      return assertUnreachable(action)
  }
}
