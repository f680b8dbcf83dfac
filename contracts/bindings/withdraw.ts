import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** Pays out of the caller’s free balance. */
export function withdraw(context: ChainContext, args: { amountWei: bigint }): Promise<Sent> {
  return send(context, 'balances', 'withdraw', [args.amountWei])
}
