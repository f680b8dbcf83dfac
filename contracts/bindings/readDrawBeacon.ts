import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type DrawBeaconFacts = OutputOf<'proofs', 'drawBeaconOf'>

/** What seeds an order's draw: value zero while not known; blockNumber zero while no block is fixed, or once it is stored. */
export function readDrawBeacon(context: ChainContext, orderId: bigint): Promise<DrawBeaconFacts> {
  return read(context, 'proofs', 'drawBeaconOf', [orderId])
}
