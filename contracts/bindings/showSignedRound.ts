import type { ChainContext } from './context.ts'
import type { Round } from './rounds.ts'
import { type Sent, send } from './send.ts'

/** Anyone: shows a drand round by its signature, which the contract verifies. Throws ChainError, also for a wrong one */
export function showSignedRound(
  context: ChainContext,
  { round, signature: [x, y] }: Pick<Round, 'round' | 'signature'>,
): Promise<Sent> {
  return send(context, 'beacon', 'showRound', [round, { x, y }])
}
