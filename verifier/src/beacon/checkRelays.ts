import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import { ZeroAddress } from 'ethers'
import { checkRelay, type RelayFinding } from './drand/checkRelay.ts'
import { relaysOf } from './relaysOf.ts'

/**
 * How the relays do that withRounds would ask on this chain, all at once; none where hashes of blocks draw. Throws NoRelay and
 * ChainUnreachable
 */
export async function checkRelays(
  context: ChainContext,
  relays: readonly string[] = [],
): Promise<RelayFinding[]> {
  if (context.deployment.beacon === ZeroAddress) return []
  const network = await readDrandNetwork(context)
  const named = relaysOf(network, context.deployment, relays)
  return Promise.all(named.map((relay) => checkRelay(network, relay)))
}
