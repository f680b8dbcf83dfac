import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Starts the unbonding delay for an unreserved part of the bond. */
export function unbond(context: ChainContext, args: { amountWei: bigint }): Promise<Sent> {
  return send(context, 'staking', 'unbond', [args.amountWei])
}
