/** A drand network of the scheme bls-bn254-unchained-on-g1. What it signs depends on the round alone. */
export type DrandNetwork = {
  readonly name: string
  /** Names it to relays, 64 hex digits. */
  readonly chainHash: string
  /** What all its rounds are signed with, as EVM precompiles order its words: the one thing here that is trusted. */
  readonly publicKey: readonly [xIm: bigint, xRe: bigint, yIm: bigint, yRe: bigint]
  /** When round 1 was there, Unix seconds. */
  readonly genesisSeconds: number
  readonly periodSeconds: number
}

/** What a DrandBeacon is deployed with. */
export type DrandParameters = {
  readonly network: DrandNetwork
  /** How many rounds a block's clock may be behind the world's: a round is never counted on before. */
  readonly marginRounds: number
  /** Draws fall on every so many rounds only, so that orders share what one round costs to verify. */
  readonly drawGrid: number
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

/** Half a minute for a block that comes late, and a draw every five minutes. */
export const evmnetParameters: DrandParameters = { network: EVMNET, marginRounds: 10, drawGrid: 100 }
