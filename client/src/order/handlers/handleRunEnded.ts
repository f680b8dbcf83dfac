import { handleRentalRun } from '../../rental/handleRentalRun.ts'
import type { Action } from '../action.ts'
import { firstStepOf } from '../plan.ts'
import type { OrderState } from '../state.ts'
import { finishIfDone } from './finishIfDone.ts'

/** Runs in a row without a new checkpoint that are borne before the order is closed. */
const MAX_CRASHES = 3

/** The trainer stopped: done, or to be resumed from the last checkpoint that was hashed and kept. */
export function handleRunEnded(state: OrderState, action: Extract<Action, { type: 'RunEnded' }>): OrderState {
  if (state.phase === 'renting') return handleRentalRun(state, action)
  if (state.phase !== 'training' || action.attempt !== state.work.attempt) return state
  const { plan, work } = state
  if (action.outcome === 'complete') {
    return finishIfDone({ ...state, work: { ...work, runDone: true } })
  }
  // A run that died after its last checkpoint still owes the result, so its last segment runs again.
  const fromStep = firstStepOf(plan, Math.min(work.hashed, plan.segments - 1))
  const failed = action.outcome === 'interrupted' ? 0 : 1
  const crashes = (fromStep > work.fromStep ? 0 : work.crashes) + failed
  if (crashes > MAX_CRASHES) {
    const { orderId } = state
    const message = `The trainer stopped ${crashes} times without progress after step ${fromStep}: ${action.message}`
    const reason = action.outcome === 'jobFailed' ? 'JOB_INVALID' : 'SELLER_GAVE_UP'
    return { phase: 'failing', orderId, plan, work, reason, message }
  }
  return {
    ...state,
    message: action.message,
    work: { ...work, crashes, fromStep, attempt: work.attempt + 1 },
  }
}
