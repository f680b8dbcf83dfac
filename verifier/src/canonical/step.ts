import { forward, inputGradient, weightGradient } from './layers.ts'
import { lossGradient } from './loss.ts'
import type { TrainState } from './types.ts'
import type { Workspace } from './workspace.ts'

const fround = Math.fround

/** Loss or gradient left the range of float32: no later step would have bits that all machines share. */
export class TrainingDiverged extends Error {
  override name = 'TrainingDiverged'
  readonly step: number
  constructor(step: number) {
    super(`training diverged at step ${step}: lower the learning rate`)
    this.step = step
  }
}

/** Logits of the first `samples` rows of the workspace's inputs. */
export function predict(work: Workspace, params: readonly Float32Array[], samples: number): Float32Array {
  const last = work.layers.length - 1
  for (let layer = 0; layer < last; layer++) {
    const [w, b] = [params[2 * layer]!, params[2 * layer + 1]!]
    const [x, out] = [work.activations[layer]!, work.activations[layer + 1]!]
    forward(x, w, b, out, samples, work.layers[layer]!, work.layers[layer + 1]!, layer + 1 < last)
  }
  return work.activations[last]!
}

/** Mean loss of the loaded batch; leaves the gradient of every parameter in work.gradients. */
export function gradient(work: Workspace, params: readonly Float32Array[]): number {
  const samples = work.batch.length
  const last = work.layers.length - 1
  const logits = predict(work, params, samples)
  const loss = lossGradient(logits, work.labels, samples, work.layers[last]!)
  let deltas = logits
  for (let layer = last - 1; layer >= 0; layer--) {
    const x = work.activations[layer]!
    const [inputs, outputs] = [work.layers[layer]!, work.layers[layer + 1]!]
    const [gradW, gradB] = [work.gradients[2 * layer]!, work.gradients[2 * layer + 1]!]
    weightGradient(x, deltas, gradW, gradB, samples, inputs, outputs)
    if (layer > 0) {
      const below = work.deltas[layer]!
      inputGradient(deltas, params[2 * layer]!, x, below, samples, inputs, outputs)
      deltas = below
    }
  }
  return loss
}

/** sqrt of the sum of squares over all gradients in order w0, b0, w1, ..., added element by element. */
export function gradientNorm(gradients: readonly Float32Array[]): number {
  let sum = 0
  for (const values of gradients) sum = addSquares(sum, values)
  return fround(Math.sqrt(sum))
}

function addSquares(sum: number, values: Float32Array): number {
  let total = fround(sum)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    total = fround(total + fround(value * value))
  }
  return total
}

/** Momentum update in place: v = mu*v + g, w = w - lr*v. */
export function update(
  state: TrainState,
  gradients: readonly Float32Array[],
  rate: number,
  momentum: number,
): void {
  for (let i = 0; i < gradients.length; i++) {
    updateTensor(state.params[i]!, state.momenta[i]!, gradients[i]!, fround(rate), fround(momentum))
  }
}

function updateTensor(
  w: Float32Array,
  v: Float32Array,
  g: Float32Array,
  rate: number,
  momentum: number,
): void {
  for (let i = 0; i < w.length; i++) {
    const velocity = fround(fround(momentum * v[i]!) + g[i]!)
    v[i] = velocity
    w[i] = fround(w[i]! - fround(rate * velocity))
  }
}
