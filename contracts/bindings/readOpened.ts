import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

/** How many windows of one of a pair are open, and the running hash of what they led to: equal where both agree so far. */
export function readOpened(context: ChainContext, orderId: bigint): Promise<OutputOf<'windows', 'openedOf'>> {
  return read(context, 'windows', 'openedOf', [orderId])
}
