import type { Effect } from '../order/effect.ts'
import type { RentalWork } from './state.ts'

/** Everything that a rental wants done, from nothing but its state. */
export function pendingRental({ started, attempt, ended, resultCid }: RentalWork): Effect[] {
  if (!started) return [{ type: 'SendStart' }]
  const beat: Effect = { type: 'SendHeartbeats' }
  if (!ended) return [beat, { type: 'RunProgram', attempt }]
  if (resultCid === undefined) return [beat, { type: 'PublishOutput', attempt }]
  return [{ type: 'SendCompleted', resultCid }]
}
