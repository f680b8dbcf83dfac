import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { CanonicalJob } from '@trainyard/verifier/job.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'

const PIXELS = 16
const CLASSES = 4

/** Images whose bright quarter is their label: learnt within a few hundred steps. */
export function tinyData(samples: number, salt: number): Uint8Array {
  const images = new Uint8Array(samples * PIXELS)
  const labels = new Uint8Array(samples)
  for (let i = 0; i < samples; i++) {
    const label = (i * 7 + salt) % CLASSES
    labels[i] = label
    for (let p = 0; p < PIXELS; p++) {
      const noise = (i * 31 + p * 17 + salt * 13) % 60
      images[i * PIXELS + p] = Math.floor(p / 4) === label ? 180 + noise : noise
    }
  }
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [samples, PIXELS], bytes: images },
    { name: 'labels', dtype: 'U8', shape: [samples], bytes: labels },
  ])
}

/** A job of 15 segments in 5 windows that trains in well under a second of processor time. */
export async function tinyJob(
  changes: Partial<CanonicalJob> = {},
): Promise<{ job: CanonicalJob; data: { train: Uint8Array; heldOut: Uint8Array } }> {
  const data = { train: tinyData(96, 1), heldOut: tinyData(32, 2) }
  const job: CanonicalJob = {
    version: 1,
    name: 'quarters',
    environment: { profile: 'canonical', trainerHash: trainerHash() },
    model: { kind: 'mlp', layers: [PIXELS, 12, CLASSES] },
    data: {
      train: { cid: (await addBytes(data.train)).cid },
      heldOut: { cid: (await addBytes(data.heldOut)).cid },
    },
    seed: `0x${'5e'.repeat(32)}`,
    hyperparameters: { batchSize: 8, learningRate: 0.1, momentum: 0.9 },
    steps: 240,
    stepsPerSegment: 16,
    segmentsPerWindow: 3,
    proof: { mode: 'bitwise', draws: 5 },
    access: 'public',
    ...changes,
  }
  return { job, data }
}
