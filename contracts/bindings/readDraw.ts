import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type DrawFacts = OutputOf<'proofs', 'drawOf'>

/** Drawn segments and panel; final once `ready` and the panel was stored by the first commitment. */
export function readDraw(context: ChainContext, orderId: bigint): Promise<DrawFacts> {
  return read(context, 'proofs', 'drawOf', [orderId])
}
