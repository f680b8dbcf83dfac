import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { AbstractSigner } from 'ethers'
import type { Logger } from 'pino'
import type { DrillBench } from './bench.ts'
import type { KeptEvidence } from './keptEvidence.ts'
import type { Measuring } from './measuring.ts'

/** What keeping one machine's score works with. */
export type Scorer = {
  readonly chain: ChainContext
  readonly machineId: bigint
  readonly signer: AbstractSigner
  readonly logger: Logger
  readonly journal: {
    fact<T>(name: string): T | undefined
    saveFact(name: string, value: unknown): void
  }
  /** Where auditors ask for states: the round's number is added to it. */
  readonly evidenceUri: string
  /** Numbers of orders of this machine that are settled. */
  readonly settledOrders: () => readonly bigint[]
  /** Whether an order is open on it. */
  readonly isBusy: () => boolean
  readonly fetchData: (cid: string) => Promise<Uint8Array>
  /** Puts one block into the store; that it cannot be had changes nothing for the score. */
  readonly publish: (cid: string, bytes: Uint8Array) => Promise<void>
  /** Drills in a thread of the daemon: its programs and data are public, and nobody's but ours. */
  readonly bench: DrillBench
  /** Measures as jobs run. */
  readonly measuring: Measuring
  readonly kept: KeptEvidence
  /** What a run without network cannot measure. */
  readonly networkMBPerSecond: () => Promise<number>
  /** Most time that a benchmark takes, of the round's window. */
  readonly measureMs: number
  /** How long no order was on it before it opens a round: one that has just come up, or has just worked, often gets another. */
  readonly restMs: number
}
