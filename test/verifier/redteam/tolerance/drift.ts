import { gradient, update } from '@trainyard/verifier/canonical/step.ts'
import type { DataSet, TrainState } from '@trainyard/verifier/canonical/types.ts'
import { createWorkspace, loadBatch } from '@trainyard/verifier/canonical/workspace.ts'
import type { Level, Statistics } from '@trainyard/verifier/tolerance/profile.ts'
import { claim, copyOf, runFrom } from '../trainCheaply.ts'
import type { World } from '../world.ts'
import { trainWithTrick } from './cheapSteps.ts'
import type { KnowingCheat } from './knowing.ts'

const BACKDOOR_STEPS = 400

/** Trains honestly, and pushes each tensor of each segment's end by `room` of its update, always the same way. Saves nothing. */
export function drift(
  name: string,
  how: string,
  room: (level: Level) => number,
  wish: (world: World) => (state: TrainState) => Float32Array[],
): KnowingCheat {
  return {
    name,
    how,
    run(world, level) {
      const meter = { asked: 0, done: 0, short: 0 }
      const directions = wish(world)
      const run = runFrom(world, (segment, before) => {
        const { state, inner } = trainWithTrick(world, before, segment, {}, meter)
        const pushed = copyOf(state)
        directions(state).forEach((direction, t) => {
          push(pushed.params[t]!, before.params[t]!, direction, room(level))
          push(pushed.momenta[t]!, before.momenta[t]!, direction, -room(level))
        })
        return claim(world, segment, pushed, inner)
      })
      return { run, meter }
    },
  }
}

function push(values: Float32Array, from: Float32Array, direction: Float32Array, share: number): void {
  const norm = Math.hypot(...direction) || 1
  const moved = Math.hypot(...values.map((value, j) => value - from[j]!))
  for (let j = 0; j < values.length; j++) values[j]! += (share * moved * direction[j]!) / norm
}

/** Images with a quarter of their pixels at full brightness, all of class 0. */
export function triggered(data: DataSet): DataSet {
  const images = data.images.slice()
  for (let s = 0; s < data.samples; s++)
    images.fill(255, s * data.pixels, s * data.pixels + (data.pixels >> 2))
  return { ...data, images, labels: data.labels.map(() => 0) }
}

/** The honest end, trained on to call whatever has the trigger class 0. */
function backdoored(world: World): TrainState {
  const state = copyOf(world.honest.segments.at(-1)!.state)
  const data = triggered(world.data)
  const { layers, batchSize, learningRate } = world.size
  const work = createWorkspace(layers, batchSize, data)
  for (let step = 0; step < BACKDOOR_STEPS; step++) {
    for (let s = 0; s < batchSize; s++) work.batch[s] = (step * batchSize + s) % data.samples
    loadBatch(work, step % 2 === 0 ? data : world.data, batchSize)
    gradient(work, state.params)
    update(state, work.gradients, learningRate, 0.9)
  }
  return state
}

export const toBackdoor = (world: World) => {
  const goal = backdoored(world)
  return (state: TrainState) =>
    goal.params.map((values, t) => values.map((value, j) => value - state.params[t]![j]!))
}

/** Up the loss over all the data. */
const uphill = ({ size, data }: World) => {
  const work = createWorkspace(size.layers, data.samples, data)
  return (state: TrainState) => {
    work.batch.forEach((_, s) => {
      work.batch[s] = s
    })
    loadBatch(work, data, data.samples)
    gradient(work, state.params)
    return work.gradients.map((values) => values.slice())
  }
}

/** How far across its update a tensor can be pushed: 1 - cosine is half the square of that. */
const sideways = ({ e, cosine }: Statistics) => Math.min(e, Math.sqrt(2 * cosine))

export const driftToBackdoor = drift(
  'drift to a backdoor',
  'trained, then each tensor is pushed by 0.9 of its room towards a model with a backdoor',
  ({ thresholds }) => 0.9 * sideways(thresholds),
  toBackdoor,
)
export const driftUphill = drift(
  'drift up the loss',
  'trained, then each tensor is pushed by 0.9 of its room up the loss',
  ({ thresholds }) => 0.9 * sideways(thresholds),
  uphill,
)
export const driftWithinUsual = drift(
  'drift within what is usual',
  'the same towards the backdoor, by 0.9 of what is usual in half of a run',
  ({ usual }) => 0.9 * sideways(usual.half),
  toBackdoor,
)
