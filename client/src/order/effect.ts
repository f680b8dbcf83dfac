import type { FailReason } from './failReason.ts'

/** What the daemon does for an order. Each is idempotent: it may have run before a crash. */
export type Effect =
  | { type: 'ReadChain' }
  | { type: 'FetchInputs' }
  | { type: 'RunSelfTest' }
  | { type: 'AwaitSeed'; window: number }
  | { type: 'WriteWindowSeed'; window: number }
  | { type: 'SendStart' }
  | { type: 'RunTrainer'; attempt: number; fromStep: number }
  /** The attempt says in which run's output the segment appears. */
  | { type: 'HashSegment'; segment: number; attempt: number }
  | { type: 'SignWindow'; window: number; endSegment: number }
  | { type: 'PublishEvidence'; window: number }
  | { type: 'CommitWindow'; window: number; endSegment: number }
  | { type: 'AmendWindow'; window: number }
  /** Of a refereed order, instead of publishing and committing. */
  | { type: 'SealWindow'; window: number; endSegment: number }
  | { type: 'OpenWindow'; window: number }
  | { type: 'DeliverResult' }
  | { type: 'PublishResult' }
  | { type: 'SendCompleted'; resultCid: string }
  /** Of an order without proof. */
  | { type: 'RunProgram'; attempt: number }
  | { type: 'SendHeartbeats' }
  | { type: 'PublishOutput'; attempt: number }
  | { type: 'SendFailed'; reason: FailReason }
  | { type: 'StopRuns' }
  /** Those that draw for its audit and its disputes, where drand draws. */
  | { type: 'ShowRounds' }
  | { type: 'SettleIfDue' }
  | { type: 'CleanUp' }

/** Names one effect of one order: an effect that is still wanted keeps its key, and keeps running. */
export function effectKey(effect: Effect): string {
  return JSON.stringify(effect)
}
