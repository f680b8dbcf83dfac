import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Frees the stake of a seat that the caller left, once no audit can count on it any more. */
export function freeSeatStake(context: ChainContext, args: { hardwareClass: string }): Promise<Sent> {
  return send(context, 'staking', 'freeSeatStake', [args.hardwareClass])
}
