import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Number of auditors’ seats in a hardware class. */
export function readSeatCount(context: ChainContext, hardwareClass: string): Promise<bigint> {
  return read(context, 'staking', 'seatsOf', [hardwareClass])
}
