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

const ALPHA = 0.01
const STEPS = 4
/** Segments of a short run and of a long one, in turn: what is honest noise early in training may not be late. */
const RUN_SEGMENTS = [52, 208]
const CALIBRATION_RUNS = 10
const HELD_OUT_RUNS = 10
const REPLAYED_PER_RUN = 26
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
  const { imageId } = await torchImage()
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-torch-'))
  try {
    const run = (i: number) => honestRun(imageId, folder, i)
    const calibration = Array.from({ length: CALIBRATION_RUNS }, (_, i) => run(i))
    const level = levelOf(honest(calibration), ALPHA)
    const subject = subjectOf(calibration[0]!.setting.job)
    const profile: Profile = { version: 1, alpha: ALPHA, subject, levels: [level] }
    const fresh = Array.from({ length: HELD_OUT_RUNS }, (_, i) => run(CALIBRATION_RUNS + i))
    const heldOut = falseAlarms(honest(fresh), profile)
    const attacks = attacksOn(fresh, profile)
    const least = attacks.reduce((a, b) => (b.smallest < a.smallest ? b : a))
    return {
      figure: 'torch-tolerance',
      value: least.smallest,
      unit: 'smallest attack / honest threshold',
      reference: 'none',
      ratio: round(least.smallest / 3),
      goal: '>= 3',
      met: least.smallest >= 3,
      detail: { least: least.name, steps: STEPS, runs: CALIBRATION_RUNS, level, heldOut, attacks },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Segments of a run of its own seeds, spread over the whole of it. Without the run's last step, which would write a result. */
function honestRun(imageId: string, folder: string, number: number): Run {
  const count = RUN_SEGMENTS[number % RUN_SEGMENTS.length]!
  const digits = (offset: number) => (16 + 5 * number + offset).toString(16)
  const job: ImageJob = {
    ...chargptJob({ image: imageId, trainCid: cid, heldOutCid: cid }),
    ...{ seed: seedOf(digits(0)), steps: count * STEPS + 1, stepsPerSegment: STEPS, segmentsPerWindow: 64 },
  }
  const setting = { imageId, folder, job, seeds: [1, 2, 3, 4].map((offset) => seedOf(digits(offset))) }
  const [run] = runTorch(
    imageId,
    PINNED,
    [{ job, seeds: setting.seeds, fromStep: 0, toStep: count * STEPS }],
    folder,
  )
  const every = count / REPLAYED_PER_RUN
  const segments = Array.from({ length: REPLAYED_PER_RUN }, (_, i) => {
    const from = (i * every + (number % every)) * STEPS
    return segmentOf(run!, from, from + STEPS)
  })
  return { setting, segments }
}

/** How far each auditor's replays of honest runs are off, run by run. */
function honest(runs: readonly Run[]): Measured[] {
  return AUDITORS.flatMap((auditor) => {
    const replayed = replays(runs, auditor)
    return runs.map(({ segments }, run) => ({
      pair: `${PINNED.name} / ${auditor.name}`,
      distances: segments.map((claim, i) => distanceBetween(replayed[run * REPLAYED_PER_RUN + i]!, claim)),
    }))
  })
}

function falseAlarms(measured: readonly Measured[], profile: Profile) {
  const verdicts = measured.flatMap(({ pair, distances }, i) =>
    distances.map((one) => ({ pair, run: i % HELD_OUT_RUNS, ...judge(profile, one) })),
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
  const every = REPLAYED_PER_RUN / ATTACKED_PER_RUN
  return { ...run, segments: run.segments.filter((_, i) => i % every === every - 1) }
}

function faster(job: ImageJob): ImageJob {
  const { learningRate, ...others } = job.hyperparameters
  return { ...job, hyperparameters: { ...others, learningRate: 1.01 * Number(learningRate) } }
}
