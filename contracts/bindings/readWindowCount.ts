import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Number of windows that an order has committed. */
export function readWindowCount(context: ChainContext, orderId: bigint): Promise<number> {
  return read(context, 'windows', 'windowCount', [orderId])
}
