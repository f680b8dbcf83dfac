import { ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'
import { readHead } from './readHead.ts'

export type BeaconFacts = OutputOf<'windows', 'beaconOf'>

/**
 * Beacon `index` of an order: its block, which never moves, and that block's hash, zero while it is not there yet; see
 * IWindows. The hash is taken from the block's header: contracts know the last 256 only, and a devnet that was started
 * again gives them others. On pallet-revive headers say nothing of it: BLOCKHASH answers the hash of an Ethereum block that the
 * pallet keeps, or in older runtimes the header's (docs/substrate.md), so the contract itself is asked.
 * Throws ChainUnreachable
 */
export async function readBeacon(
  context: ChainContext,
  orderId: bigint,
  index: number,
): Promise<BeaconFacts> {
  const facts = await read(context, 'windows', 'beaconOf', [orderId, index])
  const { blockNumber } = facts
  if (blockNumber === 0) return { blockNumber, value: ZeroHash }
  if (context.deployment.chain === 'revive') {
    const isKnown = facts.value !== ZeroHash || (await readHead(context)).blockNumber <= blockNumber
    // Too old for the newest state: the first that knew it, which takes a node that still has that.
    return isKnown ? facts : read(context, 'windows', 'beaconOf', [orderId, index], blockNumber + 1)
  }
  try {
    const block = await context.runner.provider?.getBlock(blockNumber)
    return { blockNumber, value: block?.hash ?? ZeroHash }
  } catch (error) {
    throw toChainError(error, `Reading block ${blockNumber}`)
  }
}
