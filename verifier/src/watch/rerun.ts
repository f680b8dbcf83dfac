import { writeModel } from '../canonical/checkpoint.ts'
import { readDataSet } from '../canonical/dataSet.ts'
import { evaluate, metricsBytes } from '../canonical/evaluate.ts'
import { initialState } from '../canonical/init.ts'
import type { DataSet, TrainState, WindowSeeds } from '../canonical/types.ts'
import { type Hex, toHex } from '../hash/hex.ts'
import { stateRoot } from '../hash/stateRoot.ts'
import { imageReplay } from '../image/imageReplay.ts'
import type { ImageOutput, ImageRun } from '../image/replayFolder.ts'
import { type ImageJob, type Job, jobSchedule } from '../job.ts'
import {
  checkpointBytesOf,
  type ImageState,
  type JobState,
  modelBytesOf,
  readImageState,
  readStateAt,
  tensorsOf,
} from '../jobState.ts'
import { type Replay, replaySegment } from '../replay.ts'
import { segmentStepRoots } from '../stepRoots.ts'
import type { ExpectedResult } from './checkDelivery.ts'

/** How a job's work is done again: by this package's trainer, or in the job's image. */
export type Rerun = {
  /** The state that training begins with. Throws JobFailed and ReplayUnavailable, as does replay. */
  initial(): Promise<JobState>
  /** Runs a segment from the state before it. Throws TrainingDiverged and DataUnfit too. */
  replay(before: JobState, segment: number): Promise<Replay>
  /** State root after so many of the segment's steps, from the state before it. */
  rootAt(before: JobState, segment: number, step: number): Promise<Hex>
  /** The result that the job's last state gives; an image's metrics are its own word, and not compared. */
  result(last: JobState): ExpectedResult
  /** State root after each of the segment's steps; images are not run step by step. */
  stepRoots?(before: JobState, segment: number): Promise<Hex[]>
}

export type RunStretch = (run: ImageRun) => Promise<ImageOutput>

/** A job with its data and the seeds of its windows. */
export type JobInputs = {
  job: Job
  data: DataSet
  seeds: WindowSeeds
  /** as they were fetched */
  files: { train: Uint8Array; heldOut: Uint8Array }
  /** checkpoint file that training begins with; without it, with the job's own beginning */
  start?: Uint8Array | undefined
}

/** @param runStretch runs an image's job; canonical jobs do not need it */
export function openRerun({ job, data, seeds, files, start }: JobInputs, runStretch: RunStretch): Rerun {
  if (job.version === 2) return imageRerun({ job, data, seeds, files, start }, runStretch)
  const stepRoots = async (before: JobState, segment: number, steps?: number) =>
    segmentStepRoots({ job, data, seeds, stateBefore: canonical(before), segment, steps })
  return {
    initial: async () => (start ? readStateAt(0, start, job) : initialState(job)),
    replay: async (before, segment) =>
      replaySegment({ job, data, seeds, stateBefore: canonical(before), segment }),
    rootAt: async (before, segment, step) => (await stepRoots(before, segment, step)).at(-1)!,
    stepRoots,
    result(last) {
      const state = canonical(last)
      const metrics = evaluate(job.model.layers, state.params, readDataSet(files.heldOut))
      return { model: writeModel(state), metrics: metricsBytes(metrics) }
    },
  }
}

function canonical(state: JobState): TrainState {
  if ('tensors' in state) throw new TypeError('a canonical job has no such state')
  return state
}

function imageRerun(inputs: JobInputs & { job: ImageJob }, runStretch: RunStretch): Rerun {
  const { job, data, seeds, files, start = null } = inputs
  const schedule = jobSchedule(job)
  const run = async (before: Uint8Array | null, segment: number) => {
    const { first, end } = schedule.segmentSteps(segment)
    const window = schedule.windowOfSegment(segment)
    const stretch = { ...files, job, before, fromStep: first, toStep: end, seeds: seeds.slice(0, window + 1) }
    const output = await runStretch(stretch)
    return { output, replay: imageReplay({ job, data, seeds, segment, output, fromStep: first }) }
  }
  let beginning: Promise<{ state: ImageState; root: Hex; replay: Replay }> | undefined
  // The first segment is always drawn, and its run says what training begins with: one container for both.
  const begin = () => {
    beginning ??= run(start, 0).then(({ output, replay }) => {
      const state = readImageState(output.checkpoints.get(0)!)
      return { state, root: toHex(stateRoot(state.tensors)), replay }
    })
    return beginning
  }
  return {
    initial: async () => (await begin()).state,
    replay: async (before, segment) => {
      if (segment === 0) {
        const { root, replay } = await begin()
        if (toHex(stateRoot(tensorsOf(before))) === root) return replay
      }
      return (await run(checkpointBytesOf(before), segment)).replay
    },
    result(last) {
      if (!('tensors' in last)) throw new TypeError('an image’s job has no such state')
      return { model: modelBytesOf(last), metrics: undefined }
    },
    rootAt: async (before, segment, step) => {
      const { first } = schedule.segmentSteps(segment)
      const toStep = first + step
      const windows = schedule.windowOfSegment(segment) + 1
      const stretch = { ...files, job, before: checkpointBytesOf(before), fromStep: first, toStep }
      const { checkpoints } = await runStretch({ ...stretch, seeds: seeds.slice(0, windows) })
      return toHex(stateRoot(readImageState(checkpoints.get(toStep)!).tensors))
    },
  }
}
