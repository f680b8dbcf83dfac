import { newRental } from '../../rental/state.ts'
import type { OrderState } from '../state.ts'

/** The job is here and nothing of it is to be proved: no self-test, no windows. */
export function handleRentalFetched(state: OrderState): OrderState {
  if (state.phase !== 'fetching') return state
  return { phase: 'renting', orderId: state.orderId, rental: newRental(state.resume) }
}
