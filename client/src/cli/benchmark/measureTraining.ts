import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { createTrainer } from '@trainyard/verifier/canonical/train.ts'
import type { TrainingJob } from '@trainyard/verifier/canonical/types.ts'
import { type Figure, figureOf } from './figure.ts'

const RUNS = 3
const RUN_MS = 1_500
const STEPS_AT_ONCE = 20
const SAMPLES = 2_000
const PIXELS = 784
const CLASSES = 10

const job: TrainingJob = {
  model: { kind: 'mlp', layers: [PIXELS, 128, CLASSES] },
  seed: `0x${'5e'.repeat(32)}`,
  hyperparameters: { batchSize: 32, learningRate: 0.05, momentum: 0.9 },
  steps: 1_000_000,
  stepsPerSegment: 1_000_000,
  segmentsPerWindow: 1,
}

/** Samples a second of the canonical trainer, one thread, on a fixed network and made-up images. */
export function measureTraining(): Figure {
  const state = initialState(job)
  const trainer = createTrainer({ job, data: madeUpImages(), seeds: [job.seed], state })
  const rates = Array.from({ length: RUNS }, () => {
    const startMs = performance.now()
    let steps = 0
    let elapsedMs = 0
    while (elapsedMs < RUN_MS) {
      for (let i = 0; i < STEPS_AT_ONCE; i++) trainer.step()
      steps += STEPS_AT_ONCE
      elapsedMs = performance.now() - startMs
    }
    return (steps * job.hyperparameters.batchSize * 1000) / elapsedMs
  })
  const what = `canonical trainer, network ${job.model.layers.join('-')}, batch ${job.hyperparameters.batchSize}, one thread`
  return figureOf({ id: 'training', unit: 'samples/s', what }, rates)
}

/** Each class has a bright stripe of its own, so that training goes somewhere and stays finite. */
function madeUpImages() {
  const images = new Uint8Array(SAMPLES * PIXELS)
  const labels = new Uint8Array(SAMPLES)
  for (let i = 0; i < SAMPLES; i++) {
    const label = i % CLASSES
    labels[i] = label
    for (let p = 0; p < PIXELS; p++) {
      const isStripe = Math.floor((p * CLASSES) / PIXELS) === label
      images[i * PIXELS + p] = (isStripe ? 150 : 0) + ((i * 31 + p * 17) % 100)
    }
  }
  return { images, labels, samples: SAMPLES, pixels: PIXELS }
}
