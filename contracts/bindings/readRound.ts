import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Which panel of an order sits: 0 the first, 1 the larger one. */
export function readRound(context: ChainContext, orderId: bigint): Promise<number> {
  return read(context, 'proofs', 'roundOf', [orderId])
}
