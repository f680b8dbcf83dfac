import type { OrderStatus } from '@trainyard/contracts/words.ts'
import type { Plan } from './plan.ts'

/** What the chain's views say about an order. Times are the chain's (Unix ms). */
export type ChainFacts = {
  status: OrderStatus
  closeReason: number
  windowCount: number
  /** Of a refereed order: how many of these are opened. */
  openedCount?: number
  nowMs: number
  /** When the paid time is over; 0 before the start. */
  overrunAtMs: number
  /** Until when one short last window is accepted after the buyer's cancel; 0 if it is not. */
  lastWindowUntilMs: number
}

/**
 * complete: exit 0 with a result. jobFailed: the program itself failed. machineFailed: it was killed.
 * interrupted: it ended with its daemon, or asked to be resumed; that is nobody's fault.
 */
export type RunOutcome = 'complete' | 'jobFailed' | 'machineFailed' | 'interrupted'

/** Everything that can happen to an order. */
export type Action =
  | { type: 'ChainRead'; facts: ChainFacts }
  /** opened: of a refereed order. */
  | { type: 'InputsFetched'; plan: Plan; committed: number; opened?: number }
  /** Nothing of it is to be proved. */
  | { type: 'RentalFetched' }
  | { type: 'InputsRejected'; message: string }
  | { type: 'SeedKnown'; window: number }
  | { type: 'SeedsChanged'; window: number }
  | { type: 'SeedWritten'; window: number }
  | { type: 'SelfTestPassed' }
  | { type: 'SelfTestDiffered'; message: string }
  | { type: 'SelfTestFailed'; message: string }
  | { type: 'RunEnded'; attempt: number; outcome: RunOutcome; message: string }
  | { type: 'SegmentHashed'; segment: number }
  | { type: 'WindowSigned'; window: number }
  | { type: 'EvidencePublished'; window: number }
  | { type: 'WindowCommitted'; window: number }
  | { type: 'WindowOpened'; window: number }
  | { type: 'ResultDelivered' }
  | { type: 'CheckpointDamaged'; window: number; message: string }
  | { type: 'WindowMended'; window: number }
  | { type: 'JobStalled'; message: string }
  | { type: 'ResultPublished'; resultCid: string }
  | { type: 'EffectGaveUp'; effect: string; message: string }
  | { type: 'CleanedUp' }
