import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Number of machines ever added; ids run from 1. */
export function readMachineCount(context: ChainContext): Promise<bigint> {
  return read(context, 'machines', 'machineCount', [])
}
