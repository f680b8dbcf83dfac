import { threefry, threefryOf } from './threefry.ts'
import type { TrainingJob, TrainState } from './types.ts'

const fround = Math.fround

/**
 * State before the first step: He-uniform weights (He et al. 2015), biases and momenta 0. Element j of tensor i
 * (in order w0, b0, w1, ...) comes from Threefry counter (j, i) under the job's seed: u = top 24 bits of the
 * first word / 2^24, weight = (2u - 1) * sqrt(6 / inputs), every operation rounded to float32.
 */
export function initialState(job: TrainingJob): TrainState {
  const rng = threefryOf(job.seed)
  const { layers } = job.model
  const params: Float32Array[] = []
  for (let layer = 0; layer + 1 < layers.length; layer++) {
    const inputs = layers[layer]!
    const outputs = layers[layer + 1]!
    const bound = fround(Math.sqrt(fround(6 / inputs)))
    const weights = new Float32Array(inputs * outputs)
    for (let j = 0; j < weights.length; j++) {
      threefry(rng, j, params.length)
      const u = (rng.x0 >>> 8) / 2 ** 24
      weights[j] = fround(fround(2 * u - 1) * bound)
    }
    params.push(weights, new Float32Array(outputs))
  }
  return { step: 0, epoch: 0, cursor: 0, params, momenta: params.map((p) => new Float32Array(p.length)) }
}
