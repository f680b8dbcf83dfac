import { progressLine } from '@trainyard/verifier/bundle/progress.ts'
import type { BundleParts } from '@trainyard/verifier/bundle/write.ts'
import { writeModel } from '@trainyard/verifier/canonical/checkpoint.ts'
import { evaluate, metricsBytes } from '@trainyard/verifier/canonical/evaluate.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { jobHash, jobSchedule } from '@trainyard/verifier/job.ts'
import { resultIndex } from '@trainyard/verifier/resultIndex.ts'
import { DOMAIN, SELLER, type Served } from './serve.ts'
import type { World } from './world.ts'

const addressOf = (byte: number): Hex => `0x${byte.toString(16).padStart(40, '0')}`

/** The bundle of a served run, as its seller would hand it out: result, metrics and curve agree with the run. */
export async function bundleOf(world: World, served: Served): Promise<BundleParts> {
  const { job, beacons, size, heldOut, files } = world
  const { run, evidence } = served
  const schedule = jobSchedule(job)
  const last = run.segments.at(-1)!.state
  const model = writeModel(last)
  const metrics = metricsBytes(evaluate(job.model.layers, last.params, heldOut))
  const inner = run.segments.map((segment) => segment.inner)
  const lines = inner
    .flat()
    .map((bits, i) => `${progressLine(i + 1, bits, (i + 1) * job.hyperparameters.batchSize)}\n`)
  const windows = served.windows.map((window, i) => {
    const { value: beacon, position: beaconBlock } = beacons[i]!
    return {
      ...window,
      root: window.root as Hex,
      lastStateRoot: window.lastStateRoot as Hex,
      beacon,
      beaconBlock,
    }
  })
  const starts = windows.map((_, window) => schedule.windowSteps(window).first)
  return {
    job,
    order: {
      ...orderFacts(world),
      windows,
      drawn: [0],
      status: 'Completed',
      closeReason: 10000,
      resultCid: (await addBytes(await resultIndex({ model, metrics }))).cid,
    },
    evidence,
    checkpoints: new Map(
      [...starts, size.segments * size.stepsPerSegment].map((step) => [step, served.checkpoint(step)!]),
    ),
    inner,
    ...files,
    result: { model, metrics },
    progress: new TextEncoder().encode(lines.join('')),
  }
}

function orderFacts({
  job,
  orderId,
}: World): Omit<BundleParts['order'], 'windows' | 'drawn' | 'status' | 'closeReason' | 'resultCid'> {
  const { steps, stepsPerSegment, segmentsPerWindow } = job
  return {
    chainId: DOMAIN.chainId,
    genesisHash: `0x${'99'.repeat(32)}`,
    contracts: {
      token: addressOf(0xa1),
      runtime: addressOf(0xa2),
      balances: addressOf(0xa3),
      machines: addressOf(0xa4),
      staking: addressOf(0xa5),
      market: addressOf(0xa6),
      proofs: addressOf(0xa8),
      windows: DOMAIN.windows as Hex,
      disputes: addressOf(0xa7),
    },
    orderId,
    seller: SELLER.address as Hex,
    buyer: addressOf(0xb1),
    jobHash: jobHash(job),
    terms: {
      offerId: '1',
      jobHash: jobHash(job),
      maxSeconds: 3600,
      stepMicros: 5000,
      steps,
      stepsPerSegment,
      segmentsPerWindow,
      draws: job.proof.draws,
      unauditedShareBps: 5000,
      mode: 'Bitwise',
    },
  }
}
