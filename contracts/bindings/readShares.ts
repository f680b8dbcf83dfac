import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

/** draw: what verdicts are about; shares: of each member of readDraw's panel, as `positionsIn` reads them. */
export type SharesFacts = OutputOf<'proofs', 'sharesOf'>

/** Who of an order's panel replays which of its drawn segments. Empty while no panel is known. */
export function readShares(context: ChainContext, orderId: bigint): Promise<SharesFacts> {
  return read(context, 'proofs', 'sharesOf', [orderId])
}
