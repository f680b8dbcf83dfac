import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type MachineFacts = OutputOf<'machines', 'machineOf'>

/** A machine, its owner, endpoint, status and counters. */
export function readMachine(context: ChainContext, machineId: bigint): Promise<MachineFacts> {
  return read(context, 'machines', 'machineOf', [machineId])
}
