import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Bonds from the caller’s free balance. */
export function bond(context: ChainContext, args: { amountWei: bigint }): Promise<Sent> {
  return send(context, 'staking', 'bond', [args.amountWei])
}
