import { assertUnreachable } from '../assertUnreachable.ts'
import type { OrderState } from '../order/state.ts'

/** A state in one sentence, for the seller's log and the buyer's page. */
export function describeState(state: OrderState): { phase: OrderState['phase']; message: string } {
  return { phase: state.phase, message: messageOf(state) }
}

function messageOf(state: OrderState): string {
  switch (state.phase) {
    case 'seen':
      return 'Reading the order.'
    case 'fetching':
      return 'Fetching and checking the job and its data.'
    case 'selfTest':
      return 'Running the first segment twice, to see whether the job is deterministic.'
    case 'starting':
      return 'Starting.'
    case 'training':
      return state.work.attempt === 1
        ? 'Training.'
        : `Training, resumed from step ${state.work.fromStep}.${state.message ? ` ${state.message}` : ''}`
    case 'renting':
      return (
        state.message ?? (state.rental.started ? 'The program runs; nothing of it is proved.' : 'Starting.')
      )
    case 'finishing':
      return 'All windows are committed; publishing the result.'
    case 'failing':
    case 'closing':
    case 'ended':
    case 'settled':
      return state.message
    default:
      return assertUnreachable(state)
  }
}
