import type { Action } from '../order/action.ts'
import type { OrderState } from '../order/state.ts'

type Renting = Extract<OrderState, { phase: 'renting' }>

/** Runs in a row that end by the machine's doing before the seller gives up. */
const MAX_CRASHES = 3

/** The program ended: by itself, which ends the order, or by the machine's doing, which starts it anew. */
export function handleRentalRun(state: Renting, action: Extract<Action, { type: 'RunEnded' }>): OrderState {
  const { orderId, rental } = state
  if (action.attempt !== rental.attempt || rental.ended) return state
  const { outcome, message } = action
  if (outcome === 'complete')
    return { ...state, rental: { ...rental, ended: true }, message: 'The program has ended.' }
  if (outcome === 'jobFailed') return { phase: 'failing', orderId, rental, reason: 'JOB_INVALID', message }
  const crashes = rental.crashes + 1
  if (crashes > MAX_CRASHES) {
    const said = `The program was ended ${crashes} times by its machine: ${message}`
    return { phase: 'failing', orderId, rental, reason: 'SELLER_GAVE_UP', message: said }
  }
  return { ...state, message, rental: { ...rental, crashes, attempt: rental.attempt + 1 } }
}
