import type { Job } from '@trainyard/verifier/job.ts'

/** A small network that learns printed digits: what a first order trains. The data's CIDs and the trainer are filled in. */
export const digitsTemplate = (facts: { trainerHash: Job['seed']; train: string; heldOut: string }): Job => ({
  version: 1,
  name: 'digits',
  environment: { profile: 'canonical', trainerHash: facts.trainerHash },
  model: { kind: 'mlp', layers: [256, 64, 10] },
  data: { train: { cid: facts.train }, heldOut: { cid: facts.heldOut } },
  seed: `0x${'7472'.repeat(16)}`,
  hyperparameters: { batchSize: 32, learningRate: 0.05, momentum: 0.9 },
  steps: 5120,
  stepsPerSegment: 128,
  segmentsPerWindow: 10,
  proof: { mode: 'bitwise', draws: 10 },
  access: 'public',
})
