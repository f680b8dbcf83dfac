import { forward, inputGradient, weightGradient } from '@trainyard/verifier/canonical/layers.ts'
import { lossGradient } from '@trainyard/verifier/canonical/loss.ts'
import { bitsOf } from '@trainyard/verifier/canonical/math.ts'
import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import { gradientNorm, update } from '@trainyard/verifier/canonical/step.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { createWorkspace, loadBatch, type Workspace } from '@trainyard/verifier/canonical/workspace.ts'
import type { InnerStep } from '@trainyard/verifier/hash/innerRoot.ts'
import { jobSchedule } from '@trainyard/verifier/job.ts'
import type { Replay } from '@trainyard/verifier/replay.ts'
import { claim, copyOf, countersAt } from '../trainCheaply.ts'
import type { World } from '../world.ts'

/** Multiplications: what an honest run that skips exact zeros has to do, what was done, and how many of these in few bits. */
export type Meter = { asked: number; done: number; short: number }

/** Where a step is not computed as the job asks for. Everything else is the canonical trainer's. */
export type Trick = {
  /** significant bits that the factors of a layer's products keep; float32 has 24 */
  bits?: (layer: number, step: number) => number
  /** leaves samples of the batch out before anything is computed of them; the others count as ever */
  leaveOut?: (ids: Uint32Array) => ReadonlySet<number>
  /** sets deltas to 0 whose products are then not computed */
  drop?: (deltas: Float32Array, work: Workspace) => void
  /** changes what the step's gradients came to */
  gradients?: (gradients: Float32Array[], before: readonly Float32Array[][]) => void
  /** a step's gradients without computing them, from those of the steps before (the last is the newest) */
  guess?: (i: number, before: readonly Float32Array[][]) => Float32Array[] | undefined
}

/** Trains a segment with a trick in it, from a state that is left untouched. */
export function trainWithTrick(
  world: World,
  before: TrainState,
  segment: number,
  trick: Trick,
  meter: Meter,
): Replay<TrainState> {
  const { job, data, seeds } = world
  const { batchSize, learningRate, momentum } = job.hyperparameters
  const { first, end } = jobSchedule(job).segmentSteps(segment)
  const state = copyOf(before)
  const order = dataOrder(job, data.samples, seeds, first)
  const work = createWorkspace(job.model.layers, batchSize, data)
  const inner: InnerStep[] = []
  const history: Float32Array[][] = []
  for (let i = 0; first + i < end; i++) {
    order.next(work.batch)
    loadBatch(work, data, batchSize)
    const guessed = trick.guess?.(i, history)
    const spent = { ...meter }
    const loss = gradientOf(work, state.params, trick, i, meter)
    // Computed here all the same, so as to know what was to be done.
    if (guessed) Object.assign(meter, { done: spent.done, short: spent.short })
    const gradients = (guessed ?? work.gradients).map((values) => values.slice())
    trick.gradients?.(gradients, history)
    history.push(gradients)
    inner.push([bitsOf(loss), bitsOf(gradientNorm(gradients))])
    update(state, gradients, learningRate, momentum)
  }
  return claim(world, segment, { ...state, ...countersAt(world, end) }, inner)
}

/** As canonical/step.ts gradient. */
function gradientOf(
  work: Workspace,
  params: readonly Float32Array[],
  trick: Trick,
  step: number,
  meter: Meter,
): number {
  const { layers, activations, labels, batch } = work
  const samples = batch.length
  const last = layers.length - 1
  const without = trick.leaveOut?.(batch) ?? new Set<number>()
  const bits = (layer: number) => trick.bits?.(layer, step) ?? 24
  const count = (layer: number, asked: number, done: number) => {
    meter.asked += asked
    meter.done += done
    if (bits(layer) < 24) meter.short += done
  }
  for (let layer = 0; layer < last; layer++) {
    const [inputs, outputs] = [layers[layer]!, layers[layer + 1]!]
    const [x, w] = [shortened(activations[layer]!, bits(layer)), shortened(params[2 * layer]!, bits(layer))]
    forward(x, w, params[2 * layer + 1]!, activations[layer + 1]!, samples, inputs, outputs, layer + 1 < last)
    count(layer, inputs * outputs * samples, inputs * outputs * (samples - without.size))
  }
  const logits = activations[last]!
  const loss = lossGradient(logits, labels, samples, layers[last]!)
  let deltas = logits
  for (let layer = last - 1; layer >= 0; layer--) {
    const [inputs, outputs] = [layers[layer]!, layers[layer + 1]!]
    const asked = nonZeros(deltas) * inputs * (layer > 0 ? 2 : 1)
    for (const s of without) deltas.fill(0, s * outputs, (s + 1) * outputs)
    trick.drop?.(deltas, work)
    count(layer, asked, nonZeros(deltas) * inputs * (layer > 0 ? 2 : 1))
    const d = shortened(deltas, bits(layer))
    const x = activations[layer]!
    const [gradW, gradB] = [work.gradients[2 * layer]!, work.gradients[2 * layer + 1]!]
    weightGradient(shortened(x, bits(layer)), d, gradW, gradB, samples, inputs, outputs)
    if (layer === 0) continue
    const below = work.deltas[layer]!
    inputGradient(d, shortened(params[2 * layer]!, bits(layer)), x, below, samples, inputs, outputs)
    deltas = below
  }
  return loss
}

const nonZeros = (values: Float32Array) => values.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0)

/** Rounded to so many significant bits, to nearest. */
function shortened(values: Float32Array, bits: number): Float32Array {
  if (bits >= 24) return values
  const factor = 2 ** (53 - bits) + 1 // Veltkamp's splitting, in doubles
  return values.map((value) => {
    const c = factor * value
    return c - (c - value)
  })
}
