import type { ImageJob } from '@trainyard/verifier/job.ts'
import { CONTEXT } from './chargptData.ts'

/**
 * The second sample job: a character-level transformer of 119,000 weights that learns to write licences. 960 steps of
 * 16 rows are about five passes over the text; 16 segments in 2 windows of some ten seconds each, four of them at most
 * drawn: every replay starts a container, and the devnet gives auditors one minute.
 */
export function chargptJob(facts: { image: string; trainCid: string; heldOutCid: string }): ImageJob {
  return {
    version: 2,
    name: 'chargpt',
    environment: { profile: 'image', image: facts.image },
    model: { kind: 'chargpt', context: CONTEXT, heads: 4, layers: 2, vocabulary: 128, width: 64 },
    data: { train: { cid: facts.trainCid }, heldOut: { cid: facts.heldOutCid } },
    seed: `0x${'6367'.repeat(16)}`,
    hyperparameters: { batchSize: 16, beta1: 0.9, beta2: 0.99, learningRate: 0.003, warmupSteps: 50 },
    steps: 960,
    stepsPerSegment: 60,
    segmentsPerWindow: 8,
    checkpointBytes: 2 ** 21,
    proof: { mode: 'bitwise', draws: 2 },
    access: 'public',
  }
}
