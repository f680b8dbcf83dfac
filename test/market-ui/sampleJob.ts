import { createHash } from 'node:crypto'
import { canonicalBytes } from '@trainyard/verifier/json.ts'
import { cidOf } from './blockOf.ts'

const job = {
  version: 1,
  name: 'digits',
  environment: { profile: 'canonical', trainerHash: `0x${'11'.repeat(32)}` },
  model: { kind: 'mlp', layers: [256, 64, 10] },
  data: { train: { cid: cidOf(Buffer.from('train')) }, heldOut: { cid: cidOf(Buffer.from('heldOut')) } },
  seed: `0x${'22'.repeat(32)}`,
  hyperparameters: { batchSize: 32, learningRate: 0.05, momentum: 0.9 },
  steps: 1280,
  stepsPerSegment: 32,
  segmentsPerWindow: 5,
  proof: { mode: 'bitwise', draws: 10 },
  access: 'public',
}

const bytes = Buffer.from(canonicalBytes(job))

/** A job as a buyer stores it: canonical JSON in one raw block, named by its hash. */
export const sampleJob = {
  bytes,
  cid: cidOf(bytes),
  hash: `0x${createHash('sha256').update(bytes).digest('hex')}`,
}

/** A seller's result: metrics, and the index that names them. */
export const sampleResult = (() => {
  const metrics = Buffer.from(canonicalBytes({ accuracy: 0.9625, correct: 770, total: 800, loss: 0.1234 }))
  const index = Buffer.from(canonicalBytes({ model: cidOf(Buffer.from('model')), metrics: cidOf(metrics) }))
  return { metrics, index, cid: cidOf(index) }
})()

/** Puts blocks as a client would. */
export const putBlocks = async (base: string, blocks: readonly Buffer<ArrayBuffer>[]): Promise<void> => {
  for (const body of blocks) {
    const answer = await fetch(`${base}/store/blocks/${cidOf(body)}`, { method: 'PUT', body })
    if (!answer.ok) throw new Error(await answer.text())
  }
}
