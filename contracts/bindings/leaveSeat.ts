import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Leaves a seat: drawn no more. `freeSeatStake` frees its stake when no audit can count on it any more. */
export function leaveSeat(context: ChainContext, args: { hardwareClass: string }): Promise<Sent> {
  return send(context, 'staking', 'leaveSeat', [args.hardwareClass])
}
