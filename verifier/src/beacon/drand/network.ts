import type { PublicKeyPoint } from '../../bls/points.ts'

/** A drand network of the scheme bls-bn254-unchained-on-g1. What it signs depends on the round alone. */
export type DrandNetwork = {
  readonly name: string
  /** Names it to relays, 64 hex digits. */
  readonly chainHash: string
  /** What all its rounds are signed with: the one thing here that is trusted. */
  readonly publicKey: PublicKeyPoint
  /** When round 1 was there, Unix seconds. */
  readonly genesisSeconds: number
  readonly periodSeconds: number
}

/** drand's network for EVM chains, run by the League of Entropy. */
export const EVMNET: DrandNetwork = {
  name: 'drand evmnet',
  chainHash: '04f1e9062b8a81f848fded9c12306733282b2727ecced50032187751166ec8c3',
  publicKey: [
    0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b382n,
    0x0557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808fn,
    0x0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6n,
    0x297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0bn,
  ],
  genesisSeconds: 1_727_521_075,
  periodSeconds: 3,
}

/** Relays of different operators; none of them is trusted. */
export const EVMNET_RELAYS = [
  'https://api.drand.sh',
  'https://drand.cloudflare.com',
  'https://api2.drand.sh',
  'https://api3.drand.sh',
] as const

/** The newest round at a time; 0 before the first. */
export function roundAt(network: DrandNetwork, unixMs: number): number {
  const sinceSeconds = unixMs / 1000 - network.genesisSeconds
  return sinceSeconds < 0 ? 0 : Math.floor(sinceSeconds / network.periodSeconds) + 1
}

/** When a round is there, Unix milliseconds. */
export function timeOfRound(network: DrandNetwork, round: number): number {
  return 1000 * (network.genesisSeconds + (round - 1) * network.periodSeconds)
}
