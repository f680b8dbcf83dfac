import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type ReputationFacts = OutputOf<'machines', 'reputationOf'>

/** A machine's record beside that of its owner. */
export function readReputation(context: ChainContext, machineId: bigint): Promise<ReputationFacts> {
  return read(context, 'machines', 'reputationOf', [machineId])
}
