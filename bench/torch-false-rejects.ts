import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ImageOutput, readReplay, segmentEnds } from '@trainyard/verifier/image/replayFolder.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { createDockerDriver } from '../client/src/drivers/docker/createDockerDriver.ts'
import type { RunSpec } from '../client/src/drivers/driver.ts'
import { replayJob } from '../client/src/images/torch/replayJob.ts'
import { docker } from '../test/helpers/docker.ts'
import { torchImage } from '../test/helpers/torchImage.ts'
import { chargptData } from '../yard/src/sample/chargptData.ts'
import { chargptJob } from '../yard/src/sample/chargptJob.ts'
import { type Figure, round } from './lib/figure.ts'

const TIMEOUT_MS = 900_000
const MEBIBYTE = 1024 ** 2
const JOB_SEEDS = ['11', '5e']
const STEPS = 360
const STEPS_PER_SEGMENT = 2
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const files = chargptData()

/** What differs between two machines of one class, on one machine. */
const SETTINGS: { name: string; limits: Partial<RunSpec['limits']>; stops?: readonly number[] }[] = [
  { name: 'half a core', limits: { cpus: 0.5 } },
  { name: 'one core, little memory', limits: { cpus: 1, memoryBytes: 768 * MEBIBYTE } },
  { name: 'two cores, stopped and resumed twice', limits: {}, stops: [100, 252] },
]
const LIMITS = { cpus: 2, memoryBytes: 2048 * MEBIBYTE, diskBytes: 2048 * MEBIBYTE, pids: 128 }

/**
 * Honest segments of the PyTorch sample that a second run refuses: the same job twice, under other limits, compared by the
 * bytes of each segment's checkpoint and the bits of each step. Where both agree before a segment, that is a replay from it.
 */
export async function measure(): Promise<Figure> {
  const { imageId } = await torchImage()
  const driver = createDockerDriver({ docker, imageId: '', scope: `bench-${process.pid}` })
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-torch-'))
  let segments = 0
  const refused: string[] = []
  try {
    for (const digits of JOB_SEEDS) {
      const job: ImageJob = {
        ...chargptJob({ image: imageId, trainCid: cid, heldOutCid: cid }),
        ...{
          seed: seedOf(digits),
          steps: STEPS + 1,
          stepsPerSegment: STEPS_PER_SEGMENT,
          segmentsPerWindow: 80,
        },
      }
      const run = (limits: Partial<RunSpec['limits']>, stops: readonly number[] = []) =>
        runWhole({ driver, folder, job }, { ...LIMITS, ...limits }, stops)
      const first = await run({})
      for (const { name, limits, stops } of SETTINGS) {
        const other = await run(limits, stops)
        for (const end of segmentEnds(job, 0, STEPS)) {
          segments++
          if (!sameSegment(first, other, end)) refused.push(`${digits}, ${name}, step ${end}`)
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    figure: 'torch-false-rejects',
    value: refused.length,
    unit: 'honest PyTorch segments refused',
    reference: 'none',
    ratio: round(refused.length / segments, 6),
    goal: '0 of >= 1,000',
    met: refused.length === 0 && segments >= 1000,
    detail: {
      segments,
      upperBound95: round(1 - 0.05 ** (1 / segments), 6),
      settings: SETTINGS.map(({ name }) => name),
      refused: refused.slice(0, 20),
    },
  }
}

type Bench = { driver: ReturnType<typeof createDockerDriver>; folder: string; job: ImageJob }

/** Runs a job but for its last step, which would measure the result, in as many containers as it is stopped between. */
async function runWhole(
  { driver, folder, job }: Bench,
  limits: RunSpec['limits'],
  stops: readonly number[],
): Promise<ImageOutput> {
  const checkpoints = new Map<number, Uint8Array>()
  const inner: ImageOutput['inner'][number][] = []
  for (const [i, toStep] of [...stops, STEPS].entries()) {
    const fromStep = i === 0 ? 0 : stops[i - 1]!
    const dir = mkdtempSync(join(folder, 'run-'))
    writeJob(join(dir, 'job'), job, checkpoints.get(fromStep))
    const stretch = { jobDir: join(dir, 'job'), outDir: join(dir, 'collected'), fromStep, toStep }
    const { exitCode, lastWords } = await replayJob(driver, stretch, limits, AbortSignal.timeout(TIMEOUT_MS))
    if (exitCode !== 0) throw new Error(`the run ended with ${exitCode}: ${lastWords}`)
    const output = readReplay({ job, ...files, seeds: SEEDS, before: null, fromStep, toStep }, dir)
    for (const [step, bytes] of output.checkpoints) checkpoints.set(step, bytes)
    inner.push(...output.inner)
    rmSync(dir, { recursive: true })
  }
  return { checkpoints, inner, metrics: null }
}

const SEEDS = ['21', '43', '65'].map(seedOf)

function seedOf(digits: string): `0x${string}` {
  return `0x${digits.repeat(32)}`
}

function writeJob(dir: string, job: ImageJob, before: Uint8Array | undefined): void {
  const write = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), bytes)
  }
  write('spec.json', JSON.stringify(job))
  write('data/train.safetensors', files.train)
  write('data/heldOut.safetensors', files.heldOut)
  SEEDS.forEach((seed, window) => {
    write(`in/windows/${window}.json`, JSON.stringify({ seed }))
  })
  if (before) write('in/checkpoint/state.safetensors', before)
}

function sameSegment(a: ImageOutput, b: ImageOutput, end: number): boolean {
  const [one, other] = [a.checkpoints.get(end)!, b.checkpoints.get(end)!]
  if (Buffer.compare(one, other) !== 0) return false
  const steps = (output: ImageOutput) => JSON.stringify(output.inner.slice(end - STEPS_PER_SEGMENT, end))
  return steps(a) === steps(b)
}
