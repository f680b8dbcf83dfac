import type { Hex } from '../hash/hex.ts'

/** Randomness that everybody can look up and nobody could know before, by position: a block's number or a drand round. */
export type Beacon = {
  readonly name: string
  /** The newest position whose value may be known at a time. */
  positionAt(unixMs: number): Promise<number>
  /** A position's value: 32 bytes. Throws BeaconNotYet, and BeaconUnavailable where nobody answers as they should. */
  valueOf(position: number, signal?: AbortSignal): Promise<Hex>
}
