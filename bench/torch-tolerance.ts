import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageOutput } from '@trainyard/verifier/image/replayFolder.ts'
import type { ImageJob } from '@trainyard/verifier/job.ts'
import { readImageState } from '@trainyard/verifier/jobState.ts'
import { judge } from '@trainyard/verifier/tolerance/judge.ts'
import { type Distance, measure as distanceOf } from '@trainyard/verifier/tolerance/measure.ts'
import { levelOf, type Measured, type Profile, subjectOf } from '@trainyard/verifier/tolerance/profile.ts'
import { torchImage } from '../test/helpers/torchImage.ts'
import { chargptJob } from '../yard/src/sample/chargptJob.ts'
import { type Figure, median, round } from './lib/figure.ts'
import { reshaped, type Segment, toBf16 } from './lib/reshaped.ts'
import { PINNED, runTorch, type Task, type TorchMachine } from './lib/torchMachine.ts'

const ALPHA = 0.01
const SEGMENTS = 52
const LENGTHS = [4] as const
const CALIBRATION_SEEDS = ['11', '5e']
const FRESH_SEED = 'c4'
const AUDITORS: readonly TorchMachine[] = [
  { name: 'AVX2, one thread', isa: 'AVX2', threads: 1 },
  { name: 'AVX-512, one thread', isa: 'AVX512', threads: 1 },
  { name: 'AVX-512, two threads', isa: 'AVX512', threads: 2 },
]
const EVERY = 13
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const seedOf = (digits: string): `0x${string}` => `0x${digits.repeat(32)}`
const SEEDS = ['21', '43', '65'].map(seedOf)

type Setting = { imageId: string; folder: string; job: ImageJob }
/**
 * Tolerance mode with PyTorch on CPU: the sample's transformer, trained with the kernels that the image pins, replayed with
 * those of other processors (vector units, threads), segment by segment from the claimed states; then cheats on every thirteenth
 * segment against the thresholds. By name only: it needs Docker and the image.
 */
export async function measure(): Promise<Figure> {
  const { imageId } = await torchImage()
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bench-torch-'))
  try {
    const lengths = LENGTHS.map((steps) => measureLength(imageId, folder, steps))
    const margins = lengths.flatMap(({ steps, attacks }) => attacks.map((one) => ({ steps, ...one })))
    const least = margins.reduce((a, b) => (b.smallest < a.smallest ? b : a))
    return {
      figure: 'torch-tolerance',
      value: least.smallest,
      unit: 'smallest attack / honest threshold',
      reference: 'none',
      ratio: round(least.smallest / 3),
      goal: '>= 3',
      met: least.smallest >= 3,
      detail: {
        least: `${least.name}, ${least.steps} steps`,
        alpha: ALPHA,
        auditors: AUDITORS.map(({ name }) => name),
        lengths,
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measureLength(imageId: string, folder: string, steps: number) {
  const jobOf = (digits: string): ImageJob => ({
    ...chargptJob({ image: imageId, trainCid: cid, heldOutCid: cid }),
    ...{ seed: seedOf(digits), steps: SEGMENTS * steps + 1, stepsPerSegment: steps, segmentsPerWindow: 64 },
  })
  const worlds = [...CALIBRATION_SEEDS, FRESH_SEED].map((digits) => {
    const setting = { imageId, folder, job: jobOf(digits) }
    return { setting, segments: honestRun(setting, steps) }
  })
  const fresh = worlds.pop()!
  const measured = AUDITORS.map(
    (auditor): Measured => ({
      pair: `${PINNED.name} / ${auditor.name}`,
      distances: worlds.flatMap(({ setting, segments }) => distances(setting, auditor, segments)),
    }),
  )
  const level = levelOf(measured, ALPHA)
  const profile: Profile = {
    version: 1,
    alpha: ALPHA,
    subject: subjectOf(fresh.setting.job),
    levels: [level],
  }
  const others = AUDITORS.flatMap((auditor) => distances(fresh.setting, auditor, fresh.segments))
  const outside = others.filter((distance) => judge(profile, distance).word === 'outside').length
  const equal = measured
    .flatMap((one) => one.distances)
    .filter((one) => judge(profile, one).word === 'equal').length
  const attacks = attacksOn(
    fresh.setting,
    fresh.segments.filter((_, i) => i % EVERY === EVERY - 1),
    profile,
  )
  return { steps, level, equal, fresh: { segments: others.length, outside }, attacks }
}

/** Without the run's last step, which would write a result. */
function honestRun({ imageId, folder, job }: Setting, steps: number): Segment[] {
  const end = SEGMENTS * steps
  const [run] = runTorch(imageId, PINNED, [{ job, seeds: SEEDS, fromStep: 0, toStep: end }], folder)
  return Array.from({ length: SEGMENTS }, (_, i) => segmentOf(run!, i * steps, (i + 1) * steps))
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

function replays(
  { imageId, folder, job }: Setting,
  machine: TorchMachine,
  segments: readonly Segment[],
  changes: Partial<Task> = {},
): Segment[] {
  const tasks = segments.map(
    ({ before, fromStep, toStep }): Task => ({
      ...{ job, seeds: SEEDS, fromStep, toStep, ...changes },
      ...(fromStep === 0 ? {} : { before }),
    }),
  )
  return runTorch(imageId, machine, tasks, folder).map(({ checkpoints, inner }, i) => {
    const { before, fromStep, toStep } = segments[i]!
    return { before, after: checkpoints.get(toStep)!, inner, fromStep, toStep }
  })
}

function distances(setting: Setting, auditor: TorchMachine, claims: readonly Segment[]): Distance[] {
  return replays(setting, auditor, claims).map((replayed, i) => distanceBetween(replayed, claims[i]!))
}

function distanceBetween(replayed: Segment, claimed: Segment): Distance {
  const outcome = ({ after, inner }: Segment) => ({ state: readImageState(after), inner })
  return distanceOf(readImageState(claimed.before), outcome(replayed), outcome(claimed))
}

/** Cheats trained with the image's own kernels, or made of the honest states, judged by an auditor with other kernels. */
function attacksOn(setting: Setting, honest: readonly Segment[], profile: Profile) {
  const { job } = setting
  const { learningRate, ...others } = job.hyperparameters
  const slower = { ...job, hyperparameters: { ...others, learningRate: 1.01 * Number(learningRate) } }
  const found = replays(setting, AUDITORS[2]!, honest)
  const cheats: Record<string, Segment[]> = {
    'rate 1 % off': replays(setting, PINNED, honest, { job: slower }),
    'other batches': replays(setting, PINNED, honest, { seeds: ['77', '88', '99'].map(seedOf) }),
    'bf16 weights': honest.map((one) => reshaped(one, (now) => toBf16(now))),
    'last layer only': honest.map((one) =>
      reshaped(one, (now, before, name) => (name === 'head' ? now : before)),
    ),
    interpolation: honest.map((one) => reshaped(one, (now, before) => (now + before) / 2)),
    'infinitesimal updates': honest.map((one) =>
      reshaped(one, (now, before) => before + 1e-4 * (now - before)),
    ),
  }
  return Object.entries(cheats).map(([name, claims]) => {
    const margins = claims.map((claim, i) => judge(profile, distanceBetween(found[i]!, claim)))
    const values = margins.map(({ margin }) => margin ?? 0)
    const outside = margins.filter(({ word }) => word === 'outside').length
    const tidy = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(3)) : 1e9)
    return {
      name,
      smallest: tidy(Math.min(...values)),
      median: tidy(median(values)),
      outside: round(outside / claims.length, 3),
    }
  })
}
