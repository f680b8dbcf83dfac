import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageOutput } from '@trainyard/verifier/image/replayFolder.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { judgeRun } from '@trainyard/verifier/tolerance/judgeRun.ts'
import { type Distance, measure as distanceOf } from '@trainyard/verifier/tolerance/measure.ts'
import {
  levelOf,
  type Measured,
  type Profile,
  subjectOf,
  WIDENING,
} from '@trainyard/verifier/tolerance/profile.ts'
import { torchImage } from '../test/helpers/torchImage.ts'
import { chargptJob } from '../yard/src/sample/chargptJob.ts'
import { type Figure, median, round } from './lib/figure.ts'
import { reshaped, type Segment, toBf16 } from './lib/reshaped.ts'
import { PINNED, runTorch, type Task, type TorchMachine } from './lib/torchMachine.ts'

/** What one length of segment is measured by. */
type Length = {
  steps: number
  alpha: number
  /** of a short run and of a long one, in turn: what is honest noise early in training may not be late */
  runSteps: readonly number[]
  calibration: number
  heldOut: number
  replayedPerRun: number
}
/** Four steps in earnest; the others on a few runs. */
const LENGTHS: readonly Length[] = [
  few(1, 3, 2),
  few(2, 3, 2),
  { steps: 4, alpha: 0.01, runSteps: [208, 832], calibration: 10, heldOut: 10, replayedPerRun: 26 },
  few(8, 3, 1),
]
const ATTACKED_PER_RUN = 2
const AUDITORS: readonly TorchMachine[] = [
  { name: 'SSE4.1, the batch in two parts', kernels: 'SSE41', threads: 1, parts: 2 },
  { name: 'AVX, one thread', kernels: 'AVX', threads: 1, parts: 1 },
  { name: 'AVX2, one thread', kernels: 'AVX2', threads: 1, parts: 1 },
  { name: 'AVX-512, one thread', kernels: 'AVX512', threads: 1, parts: 1 },
  { name: 'AVX-512, two threads', kernels: 'AVX512', threads: 2, parts: 1 },
]
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const seedOf = (digits: string): `0x${string}` => `0x${digits.repeat(32)}`

type Setting = { imageId: string; folder: string; job: ImageJob; seeds: readonly string[] }
type Run = { setting: Setting; segments: Segment[] }

/**
 * Tolerance mode with PyTorch on CPU: the sample's transformer, trained with the kernels that the image pins, replayed with
 * those of other processors and otherwise summed batches, segment by segment from the claimed states: thresholds from some
 * runs, false alarms in others, and cheats on those against the thresholds. By name only: it needs Docker and the image.
 */
export async function measure(): Promise<Figure> {
  const lengths = []
  for (const length of LENGTHS) lengths.push(await measureLength(length))
  const all = lengths.flatMap(({ steps, attacks }) => attacks.map((one) => ({ steps, ...one })))
  const least = all.reduce((a, b) => (b.smallest < a.smallest ? b : a))
  return {
    figure: 'torch-tolerance',
    value: least.smallest,
    unit: 'smallest attack / honest threshold',
    reference: 'none',
    ratio: round(least.smallest / 3),
    goal: '>= 3',
    met: least.smallest >= 3,
    detail: { least: `${least.name}, ${least.steps} steps`, lengths },
  }
}

function few(steps: number, calibration: number, heldOut: number): Length {
  return { steps, alpha: 0.02, runSteps: [104, 416], calibration, heldOut, replayedPerRun: 13 }
}

async function measureLength(length: Length) {
  const { steps, alpha, calibration, heldOut } = length
  const { imageId } = await torchImage()
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-torch-'))
  try {
    const run = (i: number) => honestRun(imageId, folder, i, length)
    const known = Array.from({ length: calibration }, (_, i) => run(i))
    const level = levelOf(honest(known), alpha)
    const subject = subjectOf(known[0]!.setting.job)
    const profile: Profile = { version: 1, alpha, subject, levels: [level] }
    const fresh = Array.from({ length: heldOut }, (_, i) => run(calibration + i))
    return {
      steps,
      runs: calibration,
      level,
      heldOut: falseAlarms(honest(fresh), heldOut, profile),
      attacks: attacksOn(fresh, profile),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Segments of a run of its own seeds, spread over the whole of it. Without the run's last step, which would write a result. */
function honestRun(imageId: string, folder: string, number: number, length: Length): Run {
  const { steps, runSteps, replayedPerRun } = length
  const until = runSteps[number % runSteps.length]!
  const digits = (offset: number) => (16 + 5 * number + offset).toString(16)
  const job: ImageJob = {
    ...chargptJob({ image: imageId, trainCid: cid, heldOutCid: cid }),
    ...{ seed: seedOf(digits(0)), steps: until + 1, stepsPerSegment: steps, segmentsPerWindow: 256 / steps },
  }
  const setting = { imageId, folder, job, seeds: [1, 2, 3, 4].map((offset) => seedOf(digits(offset))) }
  const [run] = runTorch(imageId, PINNED, [{ job, seeds: setting.seeds, fromStep: 0, toStep: until }], folder)
  const every = until / steps / replayedPerRun
  const segments = Array.from({ length: replayedPerRun }, (_, i) => {
    const from = (Math.floor(i * every) + (number % Math.floor(every))) * steps
    return segmentOf(run!, from, from + steps)
  })
  return { setting, segments }
}

/** How far each auditor's replays of honest runs are off, run by run. */
function honest(runs: readonly Run[]): Measured[] {
  return AUDITORS.flatMap((auditor) => {
    const replayed = replays(runs, auditor)
    return runs.map(({ segments }, run) => ({
      pair: `${PINNED.name} / ${auditor.name}`,
      distances: segments.map((claim, i) => distanceBetween(replayed[run * segments.length + i]!, claim)),
    }))
  })
}

function falseAlarms(measured: readonly Measured[], runs: number, profile: Profile) {
  const verdicts = measured.flatMap(({ pair, distances }, i) =>
    distances.map((one) => ({ pair, run: i % runs, ...judge(profile, one) })),
  )
  const outside = verdicts.filter(({ word }) => word === 'outside')
  const unwidened = verdicts.filter(({ margin }) => margin! > 1 / WIDENING)
  return {
    segments: verdicts.length,
    equal: verdicts.filter(({ word }) => word === 'equal').length,
    outside: outside.length,
    runsWithOutside: new Set(outside.map(({ run }) => run)).size,
    outsideBeforeWidening: unwidened.length,
    runsWithOutsideBeforeWidening: new Set(unwidened.map(({ run }) => run)).size,
    unusual: measured.filter(({ distances }) => judgeRun(profile, distances).length > 0).length,
    upperBound95: outside.length === 0 ? round(1 - 0.05 ** (1 / verdicts.length), 6) : null,
    largestMargin: Math.max(...verdicts.map(({ margin }) => margin!)),
    largestByPair: Object.fromEntries(
      measured.map(({ pair }) => [
        pair,
        Math.max(...verdicts.filter((one) => one.pair === pair).map(({ margin }) => margin!)),
      ]),
    ),
  }
}

function segmentOf(run: ImageOutput, fromStep: number, toStep: number): Segment {
  const at = (step: number) => run.checkpoints.get(step)!
  return {
    before: at(fromStep),
    after: at(toStep),
    inner: run.inner.slice(fromStep, toStep),
    fromStep,
    toStep,
  }
}

/** The segments of some runs once more, on that machine, each from the state that was claimed before it. */
function replays(
  runs: readonly Run[],
  machine: TorchMachine,
  changes: (job: ImageJob) => Partial<Task> = () => ({}),
): Segment[] {
  const tasks = runs.flatMap(({ setting: { job, seeds }, segments }) =>
    segments.map(
      ({ before, fromStep, toStep }): Task => ({
        ...{ job, seeds, fromStep, toStep, ...changes(job) },
        ...(fromStep === 0 ? {} : { before }),
      }),
    ),
  )
  const { imageId, folder } = runs[0]!.setting
  const claims = runs.flatMap(({ segments }) => segments)
  return runTorch(imageId, machine, tasks, folder).map(({ checkpoints, inner }, i) => {
    const { before, fromStep, toStep } = claims[i]!
    return { before, after: checkpoints.get(toStep)!, inner, fromStep, toStep }
  })
}

function distanceBetween(replayed: Segment, claimed: Segment): Distance {
  const outcome = ({ after, inner }: Segment) => ({ state: readImageState(after), inner })
  return distanceOf(readImageState(claimed.before), outcome(replayed), outcome(claimed))
}

/** Cheats trained with the image's own kernels, or made of the honest states, judged by an auditor with other kernels. */
function attacksOn(honestRuns: readonly Run[], profile: Profile) {
  const runs = honestRuns.map(attacked)
  const claims = runs.flatMap(({ segments }) => segments)
  const found = replays(runs, AUDITORS.at(-1)!)
  const cheats: Record<string, Segment[]> = {
    'rate 1 % off': replays(runs, PINNED, (job) => ({ job: faster(job) })),
    'other batches': replays(runs, PINNED, () => ({ seeds: ['77', '88', '99', 'aa'].map(seedOf) })),
    'bf16 weights': claims.map((one) => reshaped(one, (now) => toBf16(now))),
    'last layer only': claims.map((one) =>
      reshaped(one, (now, before, name) => (name === 'head' ? now : before)),
    ),
    interpolation: claims.map((one) => reshaped(one, (now, before) => (now + before) / 2)),
    'infinitesimal updates': claims.map((one) =>
      reshaped(one, (now, before) => before + 1e-4 * (now - before)),
    ),
  }
  return Object.entries(cheats).map(([name, faked]) => {
    const margins = faked.map((claim, i) => judge(profile, distanceBetween(found[i]!, claim)))
    const values = margins.map(({ margin }) => margin ?? 0)
    const outside = margins.filter(({ word }) => word === 'outside').length
    const tidy = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : 1e9)
    return {
      name,
      segments: margins.length,
      smallest: tidy(Math.min(...values)),
      median: tidy(median(values)),
      outside: round(outside / margins.length, 3),
    }
  })
}

/** A run with as many of its segments as are faked, from all parts of it. */
function attacked(run: Run): Run {
  const every = Math.floor(run.segments.length / ATTACKED_PER_RUN)
  return { ...run, segments: run.segments.filter((_, i) => i % every === every - 1) }
}

function faster(job: ImageJob): ImageJob {
  const { learningRate, ...others } = job.hyperparameters
  return { ...job, hyperparameters: { ...others, learningRate: 1.01 * Number(learningRate) } }
}
