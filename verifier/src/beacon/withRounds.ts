import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readDrandNetwork } from '@trainyard/contracts/readDrandNetwork.ts'
import type { Rounds } from '@trainyard/contracts/rounds.ts'
import { ZeroAddress } from 'ethers'
import { createDrandBeacon, type DrandBeacon } from './drand/createDrandBeacon.ts'
import { BeaconNotYet } from './errors.ts'
import { relaysOf } from './relaysOf.ts'

/**
 * The context, with drand's rounds where they draw on its chain: looked up at these relays, and verified here with the key that
 * the chain names.
 * @param relays base URLs; none: those that the deployment's record names, or else the public ones of evmnet
 */
export function withRounds(context: ChainContext, relays: readonly string[] = []): ChainContext {
  if (context.deployment.beacon === ZeroAddress) return context
  return { ...context, rounds: roundsOf(context, relays) }
}

/** The network is read once it is needed: a node may be away at the start. */
function roundsOf(context: ChainContext, relays: readonly string[]): Rounds {
  let opening: Promise<DrandBeacon> | undefined
  const open = async () => {
    const network = await readDrandNetwork(context)
    return createDrandBeacon(network, relaysOf(network, context.deployment, relays))
  }
  return {
    async roundOf(round, signal) {
      opening ??= open().catch((error: unknown) => {
        opening = undefined
        throw error
      })
      const beacon = await opening
      try {
        return await beacon.roundOf(round, signal)
      } catch (error) {
        if (error instanceof BeaconNotYet) return undefined
        throw error
      }
    },
  }
}
