import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type BeaconFacts = OutputOf<'proofs', 'beaconOf'>

/** Beacon `index` of an order: value zero while it is not known yet, see IProofs. */
export function readBeacon(context: ChainContext, orderId: bigint, index: number): Promise<BeaconFacts> {
  return read(context, 'proofs', 'beaconOf', [orderId, index])
}
