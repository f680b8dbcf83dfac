import { readFileSync } from 'node:fs'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { trainSteps } from '@trainyard/verifier/canonical/train.ts'
import type { TrainingJob } from '@trainyard/verifier/canonical/types.ts'
import { expect, test } from 'vitest'

const load = (name: string) => readDataSet(readFileSync(`yard/samples/digits/${name}.safetensors`))

test('behavior: learns digits well enough to read typefaces it never saw', () => {
  const data = load('train')
  const job: TrainingJob = {
    model: { kind: 'mlp', layers: [256, 64, 10] },
    seed: `0x${'5a'.repeat(32)}`,
    hyperparameters: { batchSize: 32, learningRate: 0.05, momentum: 0.9 },
    steps: 1280,
    stepsPerSegment: 32,
    segmentsPerWindow: 5,
  }
  const seeds = Array.from({ length: 8 }, (_, window) => `0x${(window + 17).toString(16).repeat(32)}`)
  const state = trainSteps({ job, data, seeds, state: initialState(job), fromStep: 0, toStep: job.steps })
  const { accuracy, total } = evaluate(job.model.layers, state.params, load('heldOut'))
  expect(total).toBeGreaterThan(500)
  expect(accuracy).toBeGreaterThanOrEqual(0.9)
})
