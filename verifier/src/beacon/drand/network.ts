import type { DrandNetwork } from '@trainyard/contracts/drandNetwork.ts'

/** Relays of different operators; none of them is trusted. */
export const EVMNET_RELAYS = [
  'https://api.drand.sh',
  'https://drand.cloudflare.com',
  'https://api2.drand.sh',
  'https://api3.drand.sh',
] as const

/** Tells when a network's rounds are there. */
type Clock = Pick<DrandNetwork, 'genesisSeconds' | 'periodSeconds'>

/** The newest round at a time; 0 before the first. */
export function roundAt(network: Clock, unixMs: number): number {
  const sinceSeconds = unixMs / 1000 - network.genesisSeconds
  return sinceSeconds < 0 ? 0 : Math.floor(sinceSeconds / network.periodSeconds) + 1
}

/** When a round is there, Unix milliseconds. */
export function timeOfRound(network: Clock, round: number): number {
  return 1000 * (network.genesisSeconds + (round - 1) * network.periodSeconds)
}
