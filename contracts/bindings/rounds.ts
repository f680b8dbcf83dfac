/** A drand round whose signature was verified. */
export type Round = {
  readonly round: number
  /** 32 bytes of hex: SHA-256 of the signature */
  readonly value: string
  /** point of G1, as the contract DrandBeacon takes it */
  readonly signature: readonly [x: bigint, y: bigint]
}

/** Where rounds are looked up (@trainyard/verifier/beacon/withRounds.ts). */
export type Rounds = {
  /** The round, or undefined where it is not there yet. Throws an Error where nobody gives it: that decides nothing. */
  roundOf(round: number, signal?: AbortSignal): Promise<Round | undefined>
}
