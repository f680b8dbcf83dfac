import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Free balance in wei of the token. */
export function readFree(context: ChainContext, account: string): Promise<bigint> {
  return read(context, 'balances', 'freeOf', [account])
}
