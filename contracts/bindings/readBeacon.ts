import { ZeroAddress, ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { lookUpRound } from './lookUpRound.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'
import { readHead } from './readHead.ts'

export type BeaconFacts = OutputOf<'windows', 'beaconOf'>

/**
 * Beacon `index` of an order: its block or drand round, which never moves, and the value, zero while it is not there yet; see
 * IWindows. A block's hash is taken from its header: contracts know the last 256 only, and a devnet that was started
 * again gives them others. On pallet-revive headers say nothing of it: BLOCKHASH answers the hash of an Ethereum block that the
 * pallet keeps, or in older runtimes the header's (docs/substrate.md), so the contract itself is asked. A round is asked of
 * drand, unless it is `known` already.
 * Throws ChainUnreachable, also where drand does not answer
 */
export async function readBeacon(
  context: ChainContext,
  orderId: bigint,
  index: number,
  known?: BeaconFacts,
): Promise<BeaconFacts> {
  const facts = await read(context, 'windows', 'beaconOf', [orderId, index])
  const { position } = facts
  if (position === 0) return { position, value: ZeroHash }
  if (context.deployment.beacon !== ZeroAddress) {
    if (facts.value !== ZeroHash) return facts
    if (known?.position === position) return known
    return { position, value: (await lookUpRound(context, position))?.value ?? ZeroHash }
  }
  if (context.deployment.chain === 'revive') {
    const isKnown = facts.value !== ZeroHash || (await readHead(context)).blockNumber <= position
    // Too old for the newest state: the first that knew it, which takes a node that still has that.
    return isKnown ? facts : read(context, 'windows', 'beaconOf', [orderId, index], position + 1)
  }
  try {
    const block = await context.runner.provider?.getBlock(position)
    return { position, value: block?.hash ?? ZeroHash }
  } catch (error) {
    throw toChainError(error, `Reading block ${position}`)
  }
}
