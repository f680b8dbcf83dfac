import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Moves what has finished unbonding to the caller’s free balance. */
export function withdrawUnbonded(context: ChainContext): Promise<Sent> {
  return send(context, 'staking', 'withdrawUnbonded', [])
}
