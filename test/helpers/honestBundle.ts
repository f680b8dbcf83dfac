import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrderRecord } from '@trainyard/verifier/bundle/orderRecord.ts'
import { coverageOf } from '@trainyard/verifier/bundle/paths.ts'
import { progressLine } from '@trainyard/verifier/bundle/progress.ts'
import { type BundleParts, writeBundle } from '@trainyard/verifier/bundle/write.ts'
import { stateTensors, writeCheckpoint, writeModel } from '@trainyard/verifier/canonical/checkpoint.ts'
import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { evaluate, metricsBytes } from '@trainyard/verifier/canonical/evaluate.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { TrainState } from '@trainyard/verifier/canonical/types.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import { type Evidence, evidenceBytes, signEvidence } from '@trainyard/verifier/evidence.ts'
import { type Hex, toHex } from '@trainyard/verifier/hash/hex.ts'
import { stateRoot } from '@trainyard/verifier/hash/stateRoot.ts'
import { type CanonicalJob, jobHash, jobSchedule } from '@trainyard/verifier/job.ts'
import { type Replay, replaySegment } from '@trainyard/verifier/replay.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { NO_INPUTS, type SegmentLeaf, windowRoot } from '@trainyard/verifier/segment.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { Wallet } from 'ethers'
import { afterAll } from 'vitest'

/** Where a test may cheat; what comes after the cheat is computed and signed as an attacker would. */
export type Cheat = {
  job?: Partial<CanonicalJob>
  /** windows to commit; default all */
  windows?: number
  initial?: (state: TrainState) => void
  /** sees each segment's run before it is claimed; what it returns is trained on */
  replay?: (segment: number, replay: Replay<TrainState>) => Replay<TrainState>
  leaf?: (leaf: SegmentLeaf) => SegmentLeaf
  /** of the training data, after the job has named its CID */
  train?: (file: Uint8Array) => Uint8Array
  /** likewise of the held-out data */
  heldOut?: (file: Uint8Array) => Uint8Array
  /** What the chain says before anything is trained, such as by what windows are seeded. */
  chain?: (order: OrderRecord) => void
  order?: (order: OrderRecord) => OrderRecord
  signer?: Wallet
}

export const SELLER = new Wallet(`0x${'11'.repeat(32)}`)
export const OTHER = new Wallet(`0x${'22'.repeat(32)}`)
export const WINDOWS: Hex = '0x00000000000000000000000000000000000000a7'
export const CHAIN_ID = 31337

/** Data set of `samples` images of four pixels; the label says whether the first two outweigh the rest. */
export function tinyData(samples: number): Uint8Array {
  const images = new Uint8Array(samples * 4).map((_, i) => (i * 89 + (i >> 2) * 53) % 256)
  const labels = new Uint8Array(samples).map((_, s) => {
    const [a = 0, b = 0, c = 0, d = 0] = images.subarray(4 * s, 4 * s + 4)
    return a + b > c + d ? 1 : 0
  })
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [samples, 4], bytes: images },
    { name: 'labels', dtype: 'U8', shape: [samples], bytes: labels },
  ])
}

/** Ten steps in five segments and three windows, three epochs of ten samples: milliseconds to train. */
export async function tinyJob(train = tinyData(10), heldOut = tinyData(6)): Promise<CanonicalJob> {
  return {
    version: 1,
    name: 'tiny',
    environment: { profile: 'canonical', trainerHash: trainerHash() },
    model: { kind: 'mlp', layers: [4, 3, 2] },
    data: {
      train: { cid: (await addBytes(train)).cid },
      heldOut: { cid: (await addBytes(heldOut)).cid },
    },
    seed: `0x${'5a'.repeat(32)}`,
    hyperparameters: { batchSize: 3, learningRate: 0.1, momentum: 0.9 },
    steps: 10,
    stepsPerSegment: 2,
    segmentsPerWindow: 2,
    proof: { mode: 'bitwise', draws: 2 },
    access: 'public',
  }
}

/** Parts of an honest bundle, or of one whose seller cheated and covered it up as well as it can. */
export async function bundleParts(cheat: Cheat = {}): Promise<BundleParts> {
  const named = { train: tinyData(10), heldOut: tinyData(6) }
  const job = { ...(await tinyJob(named.train, named.heldOut)), ...cheat.job }
  const train = cheat.train?.(named.train) ?? named.train
  const heldOut = cheat.heldOut?.(named.heldOut) ?? named.heldOut
  const order = orderOf(job, cheat.windows ?? jobSchedule(job).windows)
  cheat.chain?.(order)
  const seeds = order.windows.map(({ beacon }, window) => {
    return windowSeed({ jobSeed: job.seed, orderId: order.orderId, twin: order.twin, window, beacon })
  })
  let state = initialState(job)
  cheat.initial?.(state)
  const checkpoints = new Map([[0, writeCheckpoint(state)]])
  const { segments, bounds, complete, steps } = coverageOf(job, order)
  const leaves: SegmentLeaf[] = []
  const replays: Replay<TrainState>[] = []
  for (let segment = 0; segment < segments; segment++) {
    const run = replaySegment({ job, data: readDataSet(train), seeds, stateBefore: state, segment })
    const replay = cheat.replay?.(segment, run) ?? run
    const leaf = leafOf(job, order, state, replay, segment)
    leaves.push(cheat.leaf?.(leaf) ?? leaf)
    replays.push(replay)
    state = replay.state
    if (bounds.includes(segment + 1)) checkpoints.set(state.step, writeCheckpoint(state))
  }
  const evidence: Evidence[] = []
  for (const [window, record] of order.windows.entries()) {
    const own = leaves.slice(bounds[window], bounds[window + 1])
    const signed = await signWindow(order, window, own, cheat.signer ?? SELLER)
    evidence.push(signed)
    record.root = windowRoot(own)
    record.lastStateRoot = own.at(-1)!.stateRootAfter
    record.evidence = (await addBytes(evidenceBytes(signed))).cid
  }
  const model = writeModel(state)
  const metrics = metricsBytes(evaluate(job.model.layers, state.params, readDataSet(heldOut)))
  if (complete) order.resultCid = (await addBytes(await resultIndex({ model, metrics }))).cid
  const inner = replays.map((replay) => replay.inner)
  const lines = inner.flat().map((bits, i) => {
    return progressLine(i + 1, bits, (i + 1) * job.hyperparameters.batchSize)
  })
  if (lines.length !== steps) throw new Error('the fixture lost steps')
  return {
    job,
    order: cheat.order?.(order) ?? order,
    evidence,
    checkpoints,
    inner,
    train,
    heldOut,
    result: complete ? { model, metrics } : null,
    progress: new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')),
  }
}

const made: string[] = []
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** Writes an honest (or cheating) bundle to a new temporary directory, removed after the file's tests. */
export async function honestBundle(cheat: Cheat = {}): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'trainyard-bundle-'))
  made.push(dir)
  writeBundle(dir, await bundleParts(cheat))
  return dir
}

function signWindow(
  order: OrderRecord,
  window: number,
  leaves: SegmentLeaf[],
  signer: Wallet,
): Promise<Evidence> {
  const domain = { chainId: order.chainId, windows: order.contracts.windows }
  const { beacon } = order.windows[window]!
  return signEvidence(signer, domain, { orderId: order.orderId, window, beacon, leaves })
}

function leafOf(
  job: CanonicalJob,
  order: OrderRecord,
  before: TrainState,
  replay: Replay,
  segment: number,
): SegmentLeaf {
  const { first, end } = jobSchedule(job).segmentSteps(segment)
  return {
    orderId: order.orderId,
    seller: order.seller,
    segment,
    firstStep: first,
    lastStep: end,
    stateRootBefore: toHex(stateRoot(stateTensors(before))),
    stateRootAfter: replay.stateRoot,
    batchRoot: replay.batchRoot,
    rngRoot: replay.rngRoot,
    inputsRoot: NO_INPUTS,
    innerRoot: replay.innerRoot,
    beaconRound: order.windows[jobSchedule(job).windowOfSegment(segment)]!.beaconBlock,
  }
}

function orderOf(job: CanonicalJob, windows: number): OrderRecord {
  const schedule = jobSchedule(job)
  return {
    chainId: CHAIN_ID,
    genesisHash: `0x${'99'.repeat(32)}`,
    contracts: {
      token: addressOf(0xa1),
      runtime: addressOf(0xa2),
      balances: addressOf(0xa3),
      machines: addressOf(0xa4),
      staking: addressOf(0xa5),
      market: addressOf(0xa6),
      proofs: '0x00000000000000000000000000000000000000a9',
      windows: WINDOWS,
      disputes: addressOf(0xa7),
    },
    orderId: '7',
    seller: SELLER.address as Hex,
    buyer: addressOf(0xb1),
    jobHash: jobHash(job),
    terms: {
      offerId: '1',
      jobHash: jobHash(job),
      maxSeconds: 3600,
      stepMicros: 5000,
      steps: job.steps,
      stepsPerSegment: job.stepsPerSegment,
      segmentsPerWindow: job.segmentsPerWindow,
      draws: job.proof.draws,
      unauditedShareBps: 5000,
      mode: 'Bitwise',
    },
    windows: Array.from({ length: windows }, (_, window) => {
      const { first, end } = schedule.windowSegments(window)
      const blank: Hex = `0x${'00'.repeat(32)}`
      return {
        root: blank,
        segments: end - first,
        lastStateRoot: blank,
        evidence: '',
        blockNumber: 20 + 10 * window,
        amendment: 0,
        extraDraw: false,
        beaconBlock: 5 + 10 * window,
        beacon: `0x${(0xc0 + window).toString(16).repeat(32)}`,
      }
    }),
    drawn: [0],
    status: windows === schedule.windows ? 'Completed' : 'Cancelled',
    closeReason: windows === schedule.windows ? 10000 : 1,
    resultCid: '',
  }
}

function addressOf(byte: number): Hex {
  return `0x${byte.toString(16).padStart(40, '0')}`
}
