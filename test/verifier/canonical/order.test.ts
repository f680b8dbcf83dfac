import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import type { TrainingJob } from '@trainyard/verifier/canonical/types.ts'
import { expect, test } from 'vitest'

const SAMPLES = 37
const job: TrainingJob = {
  model: { kind: 'mlp', layers: [1, 1] },
  seed: `0x${'3c'.repeat(32)}`,
  hyperparameters: { batchSize: 5, learningRate: 0.1, momentum: 0.9 },
  steps: 60,
  stepsPerSegment: 2,
  segmentsPerWindow: 3,
}
const SEEDS = Array.from({ length: 10 }, (_, window) => `0x${(window + 16).toString(16).repeat(32)}`)

function stream(seeds: string[], steps = job.steps, batchSize = 5): number[] {
  const changed = { ...job, hyperparameters: { ...job.hyperparameters, batchSize } }
  const order = dataOrder(changed, SAMPLES, seeds, 0)
  const batch = new Uint32Array(batchSize)
  const ids: number[] = []
  for (let step = 0; step < steps; step++) {
    order.next(batch)
    ids.push(...batch)
  }
  return ids
}

test('behavior: every epoch uses every sample once', () => {
  const ids = stream(SEEDS)
  for (let first = 0; first + SAMPLES <= ids.length; first += SAMPLES) {
    const epoch = ids.slice(first, first + SAMPLES)
    expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: SAMPLES }, (_, i) => i))
  }
})

test("behavior: a window's seed changes its own batches and none before", () => {
  const other = [...SEEDS.slice(0, 4), `0x${'ee'.repeat(32)}`, ...SEEDS.slice(5)]
  const [a, b] = [stream(SEEDS), stream(other)]
  const windowStart = 4 * 6 * 5
  expect(b.slice(0, windowStart)).toEqual(a.slice(0, windowStart))
  expect(b.slice(windowStart, windowStart + 30)).not.toEqual(a.slice(windowStart, windowStart + 30))
})

test('behavior: two epochs in one window are shuffled differently', () => {
  const big = stream(SEEDS, 6, 40)
  expect(big.slice(0, SAMPLES)).not.toEqual(big.slice(SAMPLES, 2 * SAMPLES))
})

test('behavior: cursor and epoch are those of the samples consumed', () => {
  const order = dataOrder(job, SAMPLES, SEEDS, 0)
  for (let step = 1; step <= job.steps; step++) {
    order.next(new Uint32Array(5))
    expect([order.epoch, order.cursor]).toEqual([Math.floor((step * 5) / SAMPLES), (step * 5) % SAMPLES])
    const { epoch, cursor } = dataOrder(job, SAMPLES, SEEDS, step)
    expect([epoch, cursor]).toEqual([order.epoch, order.cursor])
  }
})

test('error: a seed that is not known yet', () => {
  const order = dataOrder(job, SAMPLES, SEEDS.slice(0, 1), 6)
  expect(() => order.next(new Uint32Array(5))).toThrow('seed of window 1 is not known yet')
})
