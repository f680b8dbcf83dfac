import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'

const SAMPLES = 40
const PIXELS = 16

/** A data file of three made-up classes, small enough that a segment trains in a millisecond. */
export function tinyData(): Uint8Array {
  const images = new Uint8Array(SAMPLES * PIXELS)
  const labels = new Uint8Array(SAMPLES)
  for (let i = 0; i < SAMPLES; i++) {
    labels[i] = i % 3
    for (let p = 0; p < PIXELS; p++)
      images[i * PIXELS + p] = ((p % 3 === i % 3 ? 200 : 20) + i * 7 + p * 13) & 255
  }
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [SAMPLES, PIXELS], bytes: images },
    { name: 'labels', dtype: 'U8', shape: [SAMPLES], bytes: labels },
  ])
}

/** 8 segments of 4 steps in 4 windows. */
export function tinyJob(dataCid: string): CanonicalJob {
  return {
    version: 1,
    name: 'tiny',
    environment: { profile: 'canonical', trainerHash: trainerHash() },
    model: { kind: 'mlp', layers: [PIXELS, 6, 3] },
    data: { train: { cid: dataCid }, heldOut: { cid: dataCid } },
    seed: `0x${'5e'.repeat(32)}`,
    hyperparameters: { batchSize: 4, learningRate: 0.05, momentum: 0.9 },
    steps: 32,
    stepsPerSegment: 4,
    segmentsPerWindow: 2,
    proof: { mode: 'bitwise', draws: 4 },
    access: 'private',
  }
}
