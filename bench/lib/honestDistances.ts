import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import type { JobState } from '@trainyard/verifier/jobState.ts'
import { type Replay, replaySegment } from '@trainyard/verifier/replay.ts'
import { type Distance, measure, type Outcome } from '@trainyard/verifier/tolerance/measure.ts'
import type { Measured } from '@trainyard/verifier/tolerance/profile.ts'
import type { World } from '../../test/verifier/redteam/world.ts'
import {
  ARITHMETICS,
  type Arithmetic,
  FORWARDS,
  trainOtherwise,
} from '../../test/verifier/tolerance/otherArithmetic.ts'

/** A machine: the canonical trainer, or one that adds up in another order. `steps`: only those of the segment. */
export type Machine = {
  name: string
  train: (
    world: World,
    before: TrainState,
    segment: number,
    steps?: { from: number; to: number },
  ) => Replay<TrainState>
}

const machineOf = (arithmetic: Arithmetic): Machine => ({
  name: arithmetic.name,
  train: (world, before, segment, steps) => trainOtherwise(world, arithmetic, before, segment, steps),
})
const CANONICAL: Machine = {
  name: 'canonical',
  train(world, stateBefore, segment, steps) {
    if (steps) return machineOf(FORWARDS).train(world, stateBefore, segment, steps)
    const { job, data, seeds } = world
    return replaySegment({ job, data, seeds, stateBefore, segment })
  },
}
const [BACKWARDS, LANES, WIDE] = ARITHMETICS.map(machineOf) as [Machine, Machine, Machine]

/** Who claims, and who replays. */
export const PAIRS: readonly (readonly [Machine, Machine])[] = [
  [CANONICAL, BACKWARDS],
  [CANONICAL, LANES],
  [CANONICAL, WIDE],
  [LANES, WIDE],
]

/** An honest segment between two machines, and the way to look at its single steps. */
export type HonestSegment = {
  before: TrainState
  distance(): Distance
  /** what was claimed after each step */
  claimed(): Outcome[]
  replayStep: (before: JobState, step: number) => Promise<Outcome>
}

/** The segments of whole honest runs of one machine, each replayed by another from the state that was claimed before it. */
function honestSegments(world: World, [seller, auditor]: (typeof PAIRS)[number]): HonestSegment[] {
  let next = world.honest.initial
  return world.honest.segments.map((_, segment) => {
    const before = next
    const claimed = seller.train(world, before, segment)
    next = claimed.state
    const { stepsPerSegment } = world.size
    const oneStep = (machine: Machine, from: JobState, step: number) => {
      if ('tensors' in from) throw new TypeError('a canonical job has no such state')
      return machine.train(world, from, segment, { from: step - 1, to: step })
    }
    return {
      before,
      distance: () => measure(before, auditor.train(world, before, segment), claimed),
      claimed() {
        const outcomes: Outcome[] = []
        for (let step = 1; step <= stepsPerSegment; step++)
          outcomes.push(oneStep(seller, outcomes.at(-1)?.state ?? before, step))
        return outcomes
      },
      replayStep: async (from, step) => oneStep(auditor, from, step),
    }
  })
}

/** As honestSegments, over all pairs of machines. */
export function honestSteps(world: World): HonestSegment[] {
  return PAIRS.flatMap((pair) => honestSegments(world, pair))
}

/** The distances of honest runs, run by run. */
export function honestDistances(worlds: readonly World[]): Measured[] {
  return PAIRS.flatMap((pair) =>
    worlds.map((world) => ({
      pair: `${pair[0].name} / ${pair[1].name}`,
      distances: honestSegments(world, pair).map(({ distance }) => distance()),
    })),
  )
}
