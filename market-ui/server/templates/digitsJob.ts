import type { CanonicalJob } from '@trainyard/verifier/job.ts'

/**
 * The sample job, of the yard and of the order form: a small network that learns printed digits. 5,120 steps of 32 are 32 passes over the 5,120
 * training images; 40 segments give the audit something to draw from, and 4 windows of about two seconds are long
 * enough for the next block hash to arrive before it is needed.
 */
export function digitsJob(facts: {
  trainerHash: CanonicalJob['seed']
  trainCid: string
  heldOutCid: string
}): CanonicalJob {
  return {
    version: 1,
    name: 'digits',
    environment: { profile: 'canonical', trainerHash: facts.trainerHash },
    model: { kind: 'mlp', layers: [256, 64, 10] },
    data: { train: { cid: facts.trainCid }, heldOut: { cid: facts.heldOutCid } },
    seed: `0x${'7472'.repeat(16)}`,
    hyperparameters: { batchSize: 32, learningRate: 0.05, momentum: 0.9 },
    steps: 5120,
    stepsPerSegment: 128,
    segmentsPerWindow: 10,
    proof: { mode: 'bitwise', draws: 10 },
    access: 'public',
  }
}
