import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** What is held from an account for a reason, in wei of the token. */
export function readHeld(
  context: ChainContext,
  account: string,
  reason: 'Escrow' | 'Stake',
): Promise<bigint> {
  return read(context, 'balances', 'heldOf', [account, reason])
}
