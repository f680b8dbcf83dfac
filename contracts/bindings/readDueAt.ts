import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** From when on an order's next window is late (Unix seconds); 0: none is due. */
export function readDueAt(context: ChainContext, orderId: bigint): Promise<number> {
  return read(context, 'windows', 'dueAtOf', [orderId])
}
