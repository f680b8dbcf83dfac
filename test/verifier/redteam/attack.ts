import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import type { Replay } from '@trainyard/verifier/replay.ts'
import type { SegmentLeaf } from '@trainyard/verifier/segment.ts'
import type { CheckId } from '@trainyard/verifier/verdict.ts'
import type { StepCheat } from './trainCheaply.ts'
import type { World } from './world.ts'

/** A whole run as a seller shows it: states, and what it claims went in between. */
export type Run = {
  initial: TrainState
  segments: readonly Replay<TrainState>[]
  /** changes a leaf before it is signed */
  leaf?: (leaf: SegmentLeaf) => SegmentLeaf
  /** what its log would say under Proof-of-Learning, where a prover chooses data and rate; default: the job's */
  log?: (segment: number) => StepCheat
}

export type Attack = {
  name: string
  /** how it cheats, in words */
  how: string
  /** checks of `verify` that must fail, in its order */
  failedBy: readonly CheckId[]
  /** segments that an auditor must refuse, and no others */
  wrong: (world: World) => number[]
  run: (world: World) => Run | Promise<Run>
}

/** All segments of a world's order. */
export function everySegment(world: World): number[] {
  return world.honest.segments.map((_, segment) => segment)
}

/** Checks that see that a segment's state and inner values are not its steps'. */
export const BY_REPLAY: readonly CheckId[] = ['replay', 'inner']
