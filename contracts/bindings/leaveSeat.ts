import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Leaves a seat; refused while drawn for an open audit. */
export function leaveSeat(context: ChainContext, args: { hardwareClass: string }): Promise<Sent> {
  return send(context, 'staking', 'leaveSeat', [args.hardwareClass])
}
