import { stateTensors } from '@trainyard/verifier/canonical/checkpoint.ts'
import { bitsOf } from '@trainyard/verifier/canonical/math.ts'
import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import { gradient, gradientNorm, update } from '@trainyard/verifier/canonical/step.ts'
import type { DataSet, TrainState, WindowSeeds } from '@trainyard/verifier/canonical/types.ts'
import { createWorkspace, loadBatch } from '@trainyard/verifier/canonical/workspace.ts'
import { toHex } from '@trainyard/verifier/hash/hex.ts'
import { type InnerStep, innerRoot } from '@trainyard/verifier/hash/innerRoot.ts'
import { rngRoot } from '@trainyard/verifier/hash/rngRoot.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import type { Replay } from '@trainyard/verifier/replay.ts'
import type { Run } from './attack.ts'
import type { World } from './world.ts'

/** Where a segment's training leaves the job; everything else is the canonical trainer's. */
export type StepCheat = {
  data?: DataSet
  /** other seeds of the data order */
  seeds?: WindowSeeds
  /** sample ids of the segment's i-th step, from those that are due */
  batch?: (due: Uint32Array, i: number, state: TrainState) => Uint32Array
  rate?: number
  /** steps that are left out */
  skips?: (i: number) => boolean
  gradients?: (gradients: Float32Array[]) => void
  /** after each step */
  weights?: (params: Float32Array[]) => void
}

/** What a step's counters are, by arithmetic alone. */
export function countersAt(world: World, step: number): Pick<TrainState, 'step' | 'epoch' | 'cursor'> {
  const consumed = step * world.job.hyperparameters.batchSize
  const { samples } = world.data
  return { step, epoch: Math.floor(consumed / samples), cursor: consumed % samples }
}

/** A state as the segment's end, with everything around it claimed as an honest run would have it. */
export function claim(
  world: World,
  segment: number,
  state: TrainState,
  inner: readonly InnerStep[],
): Replay<TrainState> {
  const { first } = jobSchedule(world.job).segmentSteps(segment)
  return {
    state,
    stateRoot: toHex(stateRoot(stateTensors(state))),
    inner,
    innerRoot: toHex(innerRoot(first, inner)),
    batchRoot: world.honest.segments[segment]!.batchRoot,
    rngRoot: toHex(rngRoot(state)),
  }
}

/** Trains a segment with a cheat in it, from a state that is left untouched. */
export function trainCheaply(
  world: World,
  before: TrainState,
  segment: number,
  cheat: StepCheat,
): Replay<TrainState> {
  const { job, data, seeds } = world
  const { first, end } = jobSchedule(job).segmentSteps(segment)
  const state = copyOf(before)
  const due = new Uint32Array(job.hyperparameters.batchSize)
  const order = dataOrder(job, data.samples, cheat.seeds ?? seeds, first)
  const inner: InnerStep[] = []
  for (let i = 0; first + i < end; i++) {
    order.next(due)
    inner.push(
      cheat.skips?.(i) ? (inner.at(-1) ?? [bitsOf(1), bitsOf(1)]) : stepOf(world, state, due, i, cheat),
    )
  }
  return claim(world, segment, { ...state, ...countersAt(world, end) }, inner)
}

function stepOf(world: World, state: TrainState, due: Uint32Array, i: number, cheat: StepCheat): InnerStep {
  const { learningRate, momentum } = world.job.hyperparameters
  const data = cheat.data ?? world.data
  const batch = cheat.batch?.(due, i, state) ?? due
  const work = createWorkspace(world.job.model.layers, batch.length, data)
  work.batch.set(batch)
  loadBatch(work, data, batch.length)
  const loss = gradient(work, state.params)
  cheat.gradients?.(work.gradients)
  const norm = gradientNorm(work.gradients)
  update(state, work.gradients, cheat.rate ?? learningRate, momentum)
  cheat.weights?.(state.params)
  return [bitsOf(loss), bitsOf(norm)]
}

/** A run from the honest start, segment by segment. */
export function runFrom(
  world: World,
  next: (segment: number, before: TrainState, done: readonly Replay<TrainState>[]) => Replay<TrainState>,
  initial = world.honest.initial,
): Run {
  const segments: Replay<TrainState>[] = []
  for (let segment = 0; segment < world.honest.segments.length; segment++) {
    segments.push(next(segment, segments.at(-1)?.state ?? initial, segments))
  }
  return { initial, segments }
}

/** The same cheat in every segment, which a Proof-of-Learning log would admit as its own choice. */
export function cheatThroughout(world: World, cheat: StepCheat): Run {
  return runFrom(world, (segment, before) => trainCheaply(world, before, segment, cheat))
}

export function copyOf(state: TrainState): TrainState {
  const copies = (tensors: Float32Array[]) => tensors.map((values) => values.slice())
  return { ...state, params: copies(state.params), momenta: copies(state.momenta) }
}

/** The point at `share` of the straight line between two states' weights, with b's momenta. */
export function between(a: TrainState, b: TrainState, share: number): TrainState {
  const params = a.params.map((values, i) =>
    values.map((value, j) => value + share * (b.params[i]![j]! - value)),
  )
  return { ...copyOf(b), params }
}
