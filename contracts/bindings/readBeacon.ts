import { ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type BeaconFacts = OutputOf<'proofs', 'beaconOf'>

/**
 * Beacon `index` of an order: value zero while it is not known yet, see IProofs. Its block never moves; contracts read
 * the hashes of the last 256 blocks only, older ones are looked up.
 * Throws ChainUnreachable
 */
export async function readBeacon(
  context: ChainContext,
  orderId: bigint,
  index: number,
): Promise<BeaconFacts> {
  const beacon = await read(context, 'proofs', 'beaconOf', [orderId, index])
  if (beacon.value !== ZeroHash || beacon.blockNumber === 0) return beacon
  try {
    const block = await context.runner.provider?.getBlock(beacon.blockNumber)
    return { ...beacon, value: block?.hash ?? ZeroHash }
  } catch (error) {
    throw toChainError(error, `Reading block ${beacon.blockNumber}`)
  }
}
