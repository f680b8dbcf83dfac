import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** How many windows of one of a pair may be open by now: the twin has sealed them too, or can seal no more. */
export function readOpenable(context: ChainContext, orderId: bigint): Promise<number> {
  return read(context, 'windows', 'openableOf', [orderId])
}
