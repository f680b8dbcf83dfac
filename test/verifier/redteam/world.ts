import { readDataSet } from '@trainyard/verifier/canonical/dataSet.ts'
import { initialState } from '@trainyard/verifier/canonical/init.ts'
import { writeSafetensors } from '@trainyard/verifier/canonical/safetensors.ts'
import type { DataSet, TrainState } from '@trainyard/verifier/canonical/types.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Hex } from '@trainyard/verifier/hash/hex.ts'
import { type CanonicalJob, jobSchedule } from '@trainyard/verifier/job.ts'
import { type Replay, replaySegment } from '@trainyard/verifier/replay.ts'
import { trainerHash } from '@trainyard/verifier/trainerHash.ts'
import { windowSeed } from '@trainyard/verifier/windowSeed.ts'
import { id } from 'ethers'
import type { Run } from './attack.ts'

/** How large a job is; the rest of it follows from a world's seed. */
export type Size = {
  layers: number[]
  batchSize: number
  learningRate: number
  stepsPerSegment: number
  segments: number
  segmentsPerWindow: number
  draws: number
  /** data files; default: made up, in the seed's way */
  files?: { train: Uint8Array; heldOut: Uint8Array }
}

/** 40 segments of 4 steps in 4 windows, some 13 passes over 96 samples: milliseconds to train. */
export const SMALL: Size = {
  layers: [16, 12, 4],
  batchSize: 8,
  learningRate: 0.05,
  stepsPerSegment: 4,
  segments: 40,
  segmentsPerWindow: 10,
  draws: 10,
}

/** An order that a seller is to train, and what its honest run comes to. */
export type World = {
  size: Size
  seed: number
  orderId: string
  job: CanonicalJob
  files: { train: Uint8Array; heldOut: Uint8Array }
  data: DataSet
  heldOut: DataSet
  /** per window */
  beacons: { value: Hex; position: number }[]
  seeds: Hex[]
  honest: Run
}

/** @param orderId other orders of the same seed have the same job, and beacons of their own */
export async function openWorld(size: Size, seed: number, orderId = '7'): Promise<World> {
  const pixels = size.layers[0]!
  const classes = size.layers.at(-1)!
  const files = size.files ?? {
    train: blobs(seed, 12 * size.batchSize, pixels, classes),
    heldOut: blobs(seed + 0.5, 40, pixels, classes),
  }
  const job = await jobOf(size, seed, files)
  const { windows } = jobSchedule(job)
  const beacons = Array.from({ length: windows }, (_, window) => {
    return { value: id(`beacon ${seed} ${orderId} ${window}`) as Hex, position: 5 + 10 * window }
  })
  const seeds = beacons.map(({ value }, window) =>
    windowSeed({ jobSeed: job.seed, orderId, window, beacon: value }),
  )
  const data = readDataSet(files.train)
  const world = { size, seed, orderId, job, files, data, heldOut: readDataSet(files.heldOut), beacons, seeds }
  return { ...world, honest: honestRun(world) }
}

async function jobOf(size: Size, seed: number, files: World['files']): Promise<CanonicalJob> {
  return {
    version: 1,
    name: `world ${seed}`,
    environment: { profile: 'canonical', trainerHash: trainerHash() },
    model: { kind: 'mlp', layers: size.layers },
    data: {
      train: { cid: (await addBytes(files.train)).cid },
      heldOut: { cid: (await addBytes(files.heldOut)).cid },
    },
    seed: id(`job ${seed}`) as Hex,
    hyperparameters: { batchSize: size.batchSize, learningRate: size.learningRate, momentum: 0.9 },
    steps: size.segments * size.stepsPerSegment,
    stepsPerSegment: size.stepsPerSegment,
    segmentsPerWindow: size.segmentsPerWindow,
    proof: { mode: 'bitwise', draws: size.draws },
    access: 'public',
  }
}

function honestRun({ job, data, seeds }: Pick<World, 'job' | 'data' | 'seeds'>): Run {
  const initial = initialState(job)
  const segments: Replay<TrainState>[] = []
  for (let segment = 0; segment < jobSchedule(job).segments; segment++) {
    const stateBefore = segments.at(-1)?.state ?? initial
    segments.push(replaySegment({ job, data, seeds, stateBefore, segment }))
  }
  return { initial, segments }
}

/** Noisy images around one random image per class. */
function blobs(seed: number, samples: number, pixels: number, classes: number): Uint8Array {
  const random = randomOf(`data ${Math.floor(seed)}`)
  const centres = Array.from({ length: classes * pixels }, () => 256 * random())
  const noise = randomOf(`noise ${seed}`)
  const labels = new Uint8Array(samples).map(() => Math.floor(classes * noise()))
  const images = new Uint8Array(samples * pixels).map((_, i) => {
    const centre = centres[labels[Math.floor(i / pixels)]! * pixels + (i % pixels)]!
    return Math.max(0, Math.min(255, centre + 160 * (noise() - 0.5)))
  })
  return writeSafetensors([
    { name: 'images', dtype: 'U8', shape: [samples, pixels], bytes: images },
    { name: 'labels', dtype: 'U8', shape: [samples], bytes: labels },
  ])
}

/** Numbers in [0, 1) that follow from a text: xorshift128 (Marsaglia 2003), seeded by keccak256. */
export function randomOf(text: string): () => number {
  const hash = id(text)
  const word = (i: number) => Number.parseInt(hash.slice(2 + 8 * i, 10 + 8 * i), 16) | 1
  let [x, y, z, w] = [word(0), word(1), word(2), word(3)]
  return () => {
    const t = x ^ (x << 11)
    x = y
    y = z
    z = w
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8)
    return (w >>> 0) / 2 ** 32
  }
}
