import { ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

export type BeaconFacts = OutputOf<'windows', 'beaconOf'>

/**
 * Beacon `index` of an order: its block, which never moves, and that block's hash, zero while it is not there yet; see
 * IWindows. The hash is taken from the block's header: contracts know the last 256 only, and a devnet that was started
 * again gives them others.
 * Throws ChainUnreachable
 */
export async function readBeacon(
  context: ChainContext,
  orderId: bigint,
  index: number,
): Promise<BeaconFacts> {
  const { blockNumber } = await read(context, 'windows', 'beaconOf', [orderId, index])
  if (blockNumber === 0) return { blockNumber, value: ZeroHash }
  try {
    const block = await context.runner.provider?.getBlock(blockNumber)
    return { blockNumber, value: block?.hash ?? ZeroHash }
  } catch (error) {
    throw toChainError(error, `Reading block ${blockNumber}`)
  }
}
