import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { gradient } from '@trainyard/verifier/canonical/step.ts'
import type { DataSet, TrainingJob } from '@trainyard/verifier/canonical/types.ts'
import { loadBatch, trainingWorkspace } from '@trainyard/verifier/canonical/workspace.ts'
import { expect, test } from 'vitest'
import { tinyData } from '../../helpers/honestBundle.ts'

const job: TrainingJob = {
  model: { kind: 'mlp', layers: [4, 6, 5, 2] },
  seed: `0x${'3c'.repeat(32)}`,
  hyperparameters: { batchSize: 7, learningRate: 0.1, momentum: 0.9 },
  steps: 1,
  stepsPerSegment: 1,
  segmentsPerWindow: 1,
}

/** Loss by the textbook in float64, one number at a time. */
function plainLoss(params: number[][], data: DataSet, ids: number[]): number {
  const { layers } = job.model
  let total = 0
  for (const id of ids) {
    let x = [...data.images.subarray(id * data.pixels, (id + 1) * data.pixels)].map((pixel) => pixel / 255)
    for (let layer = 0; layer + 1 < layers.length; layer++) {
      const [w, b] = [params[2 * layer]!, params[2 * layer + 1]!]
      const sums = b.map((bias, o) => x.reduce((sum, value, i) => sum + value * w[o * x.length + i]!, bias))
      x = layer + 2 < layers.length ? sums.map((sum) => Math.max(sum, 0)) : sums
    }
    const norm = x.reduce((sum, z) => sum + Math.exp(z), 0)
    total += Math.log(norm) - x[data.labels[id]!]!
  }
  return total / ids.length
}

test('behavior: every gradient is the slope of the loss', () => {
  const data = readDataSet(tinyData(20))
  const state = initialState(job)
  const work = trainingWorkspace(job, data)
  const ids = [3, 17, 4, 11, 0, 19, 8]
  work.batch.set(ids)
  loadBatch(work, data, ids.length)
  const loss = gradient(work, state.params)

  const params = state.params.map((values) => [...values])
  expect(loss).toBeCloseTo(plainLoss(params, data, ids), 5)
  const h = 1e-6
  params.forEach((values, tensor) => {
    values.forEach((value, j) => {
      values[j] = value + h
      const above = plainLoss(params, data, ids)
      values[j] = value - h
      const below = plainLoss(params, data, ids)
      values[j] = value
      expect(work.gradients[tensor]![j], `tensor ${tensor} element ${j}`).toBeCloseTo(
        (above - below) / (2 * h),
        5,
      )
    })
  })
})
