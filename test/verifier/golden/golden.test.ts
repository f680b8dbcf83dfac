import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeCheckpoint } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { bitsOf, exp32, floatOf, log32 } from '@trainyard/verifier/canonical/math.ts'
import { dataOrder } from '@trainyard/verifier/canonical/order.ts'
import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { Dtype } from '@trainyard/verifier/canonical/tensor.ts'
import { threefry } from '@trainyard/verifier/canonical/threefry.ts'
import { batchRoot } from '@trainyard/verifier/hash/batchRoot.ts'
import { fromHex, type Hex, toHex } from '@trainyard/verifier/hash/hex.ts'
import { merkleRoot } from '@trainyard/verifier/hash/merkle.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { tensorRoot } from '@trainyard/verifier/hash/tensorRoot.ts'
import { type CanonicalJob, jobHash, jobSchedule, parseJob } from '@trainyard/verifier/job.ts'
import { replaySegment } from '@trainyard/verifier/replay.ts'
import { type SegmentLeaf, segmentLeafHash, windowRoot } from '@trainyard/verifier/segment.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { expect, test } from 'vitest'
import { tinyData } from '../../helpers/honestBundle.ts'

/** Written by reference.py, which shares no code with the sources. */
const golden = JSON.parse(readFileSync('test/fixtures/golden/vectors.json', 'utf8'))
const job = parseJob(new TextEncoder().encode(JSON.stringify(golden.job))) as CanonicalJob
const data = readDataSet(tinyData(golden.samples))
const seeds: Hex[] = golden.windowSeeds
type Segment = Omit<SegmentLeaf, 'orderId' | 'seller' | 'segment'> & { leafHash: Hex }
const leaves: SegmentLeaf[] = golden.segments.map(({ leafHash: _, ...fields }: Segment, segment: number) => {
  return { orderId: golden.orderId, seller: golden.seller, segment, ...fields }
})
const pattern = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7 + 3) % 256)
const digest = (bytes: Uint8Array) => `0x${createHash('sha256').update(bytes).digest('hex')}`

test('merkle', () => {
  for (const { leaves, root } of golden.merkle) expect(toHex(merkleRoot(leaves.map(fromHex)))).toBe(root)
})

test('tensor root', () => {
  for (const { bytes, root } of golden.tensorRoot) expect(toHex(tensorRoot(pattern(bytes)))).toBe(root)
})

test('state root and safetensors file', () => {
  const tensors = golden.stateRoot.tensors.map(
    (tensor: { name: string; dtype: Dtype; shape: number[]; bytes: Hex }) => {
      return { ...tensor, bytes: fromHex(tensor.bytes) }
    },
  )
  expect(toHex(stateRoot(tensors))).toBe(golden.stateRoot.root)
  expect(digest(writeSafetensors(tensors))).toBe(golden.stateRoot.fileSha256)
})

test('threefry', () => {
  for (const { key, counter, words } of golden.threefry) {
    const rng = { k0: key[0] | 0, k1: key[1] | 0, x0: 0, x1: 0 }
    threefry(rng, counter[0], counter[1])
    expect([rng.x0, rng.x1]).toEqual(words)
  }
})

test('exp and log', () => {
  for (const [x, y] of golden.exp) expect(bitsOf(exp32(floatOf(x))), `exp ${floatOf(x)}`).toBe(y)
  for (const [x, y] of golden.log) expect(bitsOf(log32(floatOf(x))), `log ${floatOf(x)}`).toBe(y)
})

test('job hash', () => expect(jobHash(job)).toBe(golden.jobHash))

test('window seeds', () => {
  const { orderId, beacons } = golden
  const made = beacons.map((beacon: Hex, window: number) => {
    return windowSeed({ jobSeed: job.seed, orderId, window, beacon })
  })
  expect(made).toEqual(seeds)
})

test('data order over three epochs, from any step', () => {
  for (const from of [0, 1, 11, 12, 16, 17, 24, 33, 50, 63]) {
    const order = dataOrder(job, data.samples, seeds, from)
    const batch = new Uint32Array(job.hyperparameters.batchSize)
    for (let step = from; step < job.steps; step++) {
      order.next(batch)
      expect([...batch], `step ${step} from ${from}`).toEqual(golden.batches[step])
    }
  }
})

test('data order of so many samples that some draws are rejected', () => {
  const { samples } = golden.bigShuffle
  const whole = { ...job, hyperparameters: { ...job.hyperparameters, batchSize: samples } }
  const ids = new Uint32Array(samples)
  dataOrder(whole, samples, seeds, 0).next(ids)
  const bytes = new DataView(new ArrayBuffer(4 * samples))
  ids.forEach((id, i) => {
    bytes.setUint32(4 * i, id)
  })
  expect(digest(new Uint8Array(bytes.buffer))).toBe(golden.bigShuffle.sha256)
})

test('initial weights', () => {
  expect(initialState(job).params.map((values) => [...values].map(bitsOf))).toEqual(golden.init)
})

test('batch roots without training', () => {
  leaves.forEach((leaf, segment) => {
    expect(toHex(batchRoot({ job, data, seeds, segment }))).toBe(leaf.batchRoot)
  })
})

test('64 steps: every state, batch, counter and inner root, the last file, and the metrics', () => {
  let state = initialState(job)
  const inner: (readonly number[])[] = []
  leaves.forEach((leaf, segment) => {
    const replay = replaySegment({ job, data, seeds, stateBefore: state, segment })
    inner.push(...replay.inner)
    expect(replay, `segment ${segment}`).toMatchObject({
      stateRoot: leaf.stateRootAfter,
      batchRoot: leaf.batchRoot,
      rngRoot: leaf.rngRoot,
      innerRoot: leaf.innerRoot,
    })
    state = replay.state
  })
  expect(inner).toEqual(golden.inner)
  expect(digest(writeCheckpoint(state))).toBe(golden.checkpointSha256)
  expect(evaluate(job.model.layers, state.params, readDataSet(tinyData(40)))).toEqual(golden.metrics)
})

test('segment leaves and window roots', () => {
  expect(leaves.map(segmentLeafHash)).toEqual(golden.segments.map((leaf: { leafHash: Hex }) => leaf.leafHash))
  for (const { leaves: count, root } of golden.windowRoots) {
    expect(windowRoot(leaves.slice(0, count))).toBe(root)
  }
  expect(jobSchedule(job).segments).toBe(leaves.length)
})
