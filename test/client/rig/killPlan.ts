import type { Effect } from '../../../client/src/order/effect.ts'

/**
 * In which order's life an effect is killed around. done: an order that goes well, in the order in which the effects
 * first come. failed: one whose job cannot be run. amended: one whose machine was wrong about a window.
 * rented: one without proof. refereed: one of a pair.
 */
type Life = 'done' | 'failed' | 'amended' | 'rented' | 'refereed'

/** Every effect there is; the compiler refuses this list if one is missing. */
const killPlan = {
  ReadChain: 'done',
  FetchInputs: 'done',
  AwaitSeed: 'done',
  WriteWindowSeed: 'done',
  RunSelfTest: 'done',
  SendStart: 'done',
  HashSegment: 'done',
  SignWindow: 'done',
  PublishEvidence: 'done',
  CommitWindow: 'done',
  RunTrainer: 'done',
  PublishResult: 'done',
  SendCompleted: 'done',
  StopRuns: 'done',
  ShowRounds: 'done',
  SettleIfDue: 'done',
  CleanUp: 'done',
  SendFailed: 'failed',
  AmendWindow: 'amended',
  RunProgram: 'rented',
  SendHeartbeats: 'rented',
  PublishOutput: 'rented',
  SealWindow: 'refereed',
  OpenWindow: 'refereed',
  DeliverResult: 'refereed',
} as const satisfies Record<Effect['type'], Life>

/** The effects of one life, in order. */
export function effectsOf(life: Life): Effect['type'][] {
  return (Object.keys(killPlan) as (keyof typeof killPlan)[]).filter((type) => killPlan[type] === life)
}
