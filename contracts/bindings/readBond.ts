import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type BondFacts = OutputOf<'staking', 'bondOf'>

/** An account’s bond: active (reserved part included), reserved, unbonding. */
export function readBond(context: ChainContext, account: string): Promise<BondFacts> {
  return read(context, 'staking', 'bondOf', [account])
}
