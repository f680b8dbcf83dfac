import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Whether an account has a seat in a hardware class. */
export function hasSeat(context: ChainContext, hardwareClass: string, account: string): Promise<boolean> {
  return read(context, 'staking', 'hasSeat', [hardwareClass, account])
}
