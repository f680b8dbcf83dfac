import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { type DrandNetwork, EVMNET } from '@trainyard/contracts/drandNetwork.ts'
import { EVMNET_RELAYS } from './drand/network.ts'
import { NoRelay } from './errors.ts'

/**
 * Where a network's rounds are asked for, in turn: at these relays; none: at those that the deployment's record names, or else
 * at the public ones of evmnet. Throws NoRelay
 */
export function relaysOf(
  network: DrandNetwork,
  { drandRelays = [] }: Deployment,
  relays: readonly string[] = [],
): readonly string[] {
  const named = relays.length > 0 ? relays : drandRelays
  if (named.length > 0) return named
  if (network.chainHash === EVMNET.chainHash) return EVMNET_RELAYS
  throw new NoRelay(network.name)
}
