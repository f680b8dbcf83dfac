import { lossGradient } from '@trainyard/verifier/canonical/loss.ts'
import { bitsOf } from '@trainyard/verifier/canonical/math.ts'
import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import { gradientNorm, update } from '@trainyard/verifier/canonical/step.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { createWorkspace, loadBatch } from '@trainyard/verifier/canonical/workspace.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import type { Replay } from '@trainyard/verifier/replay.ts'
import { claim, copyOf, countersAt } from '../redteam/trainCheaply.ts'
import type { World } from '../redteam/world.ts'

const fround = Math.fround

/** How a machine adds products up. All are the same mathematics, and none gives the canonical trainer's bits. */
export type Arithmetic = { name: string; dot: (products: Float32Array) => number }

/** The canonical trainer's own order. */
export const FORWARDS: Arithmetic = {
  name: 'in order',
  dot: (products) => products.reduce((sum, value) => fround(sum + value), 0),
}
const backwards: Arithmetic = {
  name: 'backwards',
  dot: (products) => products.reduceRight((sum, value) => fround(sum + value), 0),
}
/** Eight running sums, as vector units and threads have. */
const lanes: Arithmetic = {
  name: 'eight lanes',
  dot(products) {
    const sums = new Float32Array(8)
    products.forEach((value, i) => {
      sums[i % 8] = sums[i % 8]! + value
    })
    return FORWARDS.dot(sums)
  },
}
/** One rounding at the end, as wide accumulators have. */
const wide: Arithmetic = {
  name: 'wide accumulator',
  dot: (products) => fround(products.reduce((sum, value) => sum + value, 0)),
}

export const ARITHMETICS = [backwards, lanes, wide] as const

/** Trains a segment with another arithmetic, steps of it only if `steps` says so, from a state that is left untouched. */
export function trainOtherwise(
  world: World,
  arithmetic: Arithmetic,
  before: TrainState,
  segment: number,
  steps?: { from: number; to: number },
): Replay<TrainState> {
  const { job, data, seeds } = world
  const { first, end } = jobSchedule(job).segmentSteps(segment)
  const [from, to] = [first + (steps?.from ?? 0), steps === undefined ? end : first + steps.to]
  const state = copyOf(before)
  const { batchSize, learningRate, momentum } = job.hyperparameters
  const order = dataOrder(job, data.samples, seeds, from)
  const work = createWorkspace(job.model.layers, batchSize, data)
  const inner: InnerStep[] = []
  for (let step = from; step < to; step++) {
    order.next(work.batch)
    loadBatch(work, data, batchSize)
    const loss = gradients(work, state.params, arithmetic.dot)
    inner.push([bitsOf(loss), bitsOf(gradientNorm(work.gradients))])
    update(state, work.gradients, learningRate, momentum)
  }
  return claim(world, segment, { ...state, ...countersAt(world, to) }, inner)
}

/** As canonical/step.ts gradient, each sum by `dot`. */
function gradients(
  work: ReturnType<typeof createWorkspace>,
  params: readonly Float32Array[],
  dot: Arithmetic['dot'],
): number {
  const samples = work.batch.length
  const last = work.layers.length - 1
  for (let layer = 0; layer < last; layer++) forwardLayer(work, params, layer, dot, layer + 1 < last)
  const loss = lossGradient(work.activations[last]!, work.labels, samples, work.layers[last]!)
  let deltas = work.activations[last]!
  for (let layer = last - 1; layer >= 0; layer--) {
    const [x, inputs, outputs] = [work.activations[layer]!, work.layers[layer]!, work.layers[layer + 1]!]
    const [gradW, gradB] = [work.gradients[2 * layer]!, work.gradients[2 * layer + 1]!]
    const column = new Float32Array(samples)
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < inputs; i++) {
        for (let s = 0; s < samples; s++) column[s] = deltas[s * outputs + o]! * x[s * inputs + i]!
        gradW[o * inputs + i] = dot(column)
      }
      for (let s = 0; s < samples; s++) column[s] = deltas[s * outputs + o]!
      gradB[o] = dot(column)
    }
    if (layer === 0) continue
    const [w, below, row] = [params[2 * layer]!, work.deltas[layer]!, new Float32Array(outputs)]
    for (let s = 0; s < samples; s++) {
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) row[o] = deltas[s * outputs + o]! * w[o * inputs + i]!
        below[s * inputs + i] = x[s * inputs + i]! > 0 ? dot(row) : 0
      }
    }
    deltas = below
  }
  return loss
}

function forwardLayer(
  work: ReturnType<typeof createWorkspace>,
  params: readonly Float32Array[],
  layer: number,
  dot: Arithmetic['dot'],
  relu: boolean,
): void {
  const [x, out] = [work.activations[layer]!, work.activations[layer + 1]!]
  const [inputs, outputs] = [work.layers[layer]!, work.layers[layer + 1]!]
  const [w, bias] = [params[2 * layer]!, params[2 * layer + 1]!]
  const row = new Float32Array(inputs + 1)
  for (let s = 0; s < work.batch.length; s++) {
    for (let o = 0; o < outputs; o++) {
      row[0] = bias[o]!
      for (let i = 0; i < inputs; i++) row[i + 1] = x[s * inputs + i]! * w[o * inputs + i]!
      const sum = dot(row)
      out[s * outputs + o] = relu && !(sum > 0) ? 0 : sum
    }
  }
}
