import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** Whether an order's pair came to the same, so that nobody has to replay it: `passAgreed` passes it (IProofs.isAgreed). */
export function readAgreed(context: ChainContext, orderId: bigint): Promise<boolean> {
  return read(context, 'proofs', 'isAgreed', [orderId])
}
