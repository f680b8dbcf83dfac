import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type DisputeFacts = OutputOf<'disputes', 'disputeOf'>

/** Where a dispute stands. Stage None: no such dispute. */
export function readDispute(context: ChainContext, disputeId: bigint): Promise<DisputeFacts> {
  return read(context, 'disputes', 'disputeOf', [disputeId])
}
