import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** What challenging a segment of this order reserves of the challenger's bond, wei. */
export function readChallengeBond(context: ChainContext, orderId: bigint): Promise<bigint> {
  return read(context, 'disputes', 'bondWeiOf', [orderId])
}
