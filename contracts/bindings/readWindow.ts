import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type WindowFacts = OutputOf<'proofs', 'windowOf'>

/** A committed window. */
export function readWindow(context: ChainContext, orderId: bigint, index: number): Promise<WindowFacts> {
  return read(context, 'proofs', 'windowOf', [orderId, index])
}
