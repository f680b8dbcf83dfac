import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCheckpoint, writeCheckpoint, writeModel } from './checkpoint.ts'
import { readDataSet } from './dataSet.ts'
import { evaluate, metricsBytes } from './evaluate.ts'
import { keepProgress, writeWhole } from './files.ts'
import { initialState } from './init.ts'
import { scheduleOf } from './schedule.ts'
import { isSeed, parseSpec, SpecInvalid } from './spec.ts'
import { createTrainer, type Trainer } from './train.ts'
import type { DataSet, StepReport, TrainingJob, TrainState } from './types.ts'

const SEED_POLL_MS = 20
const SEED_WAIT_MS = 10 * 60 * 1000
const FLUSH_MS = 250
const YIELD_MS = 20

/** How a run ended: all steps done, told to stop, or no seed came in ten minutes. */
export type RunEnd = 'done' | 'stopped' | 'no-seed'

/**
 * Runs a job directory from `fromStep` to `toStep` (null: the job's end) by the job contract (docs/formats.md 3).
 * Throws SpecInvalid, SafetensorsInvalid, DataUnfit or TrainingDiverged when the job cannot be trained.
 */
export async function runJob(args: {
  dir: string
  fromStep: number
  toStep: number | null
  signal: AbortSignal
  log: (line: string) => void
}): Promise<RunEnd> {
  const { dir, fromStep, signal, log } = args
  const job = parseSpec(readFileSync(join(dir, 'spec.json'), 'utf8'))
  const toStep = args.toStep ?? job.steps
  if (fromStep < 0 || toStep > job.steps || fromStep > toStep) throw new SpecInvalid('no such steps')
  const data = readDataSet(readFileSync(join(dir, 'data/train.safetensors')))
  const given = join(dir, 'in/checkpoint/state.safetensors')
  const resumed = fromStep === 0 && existsSync(given) ? readFileSync(given) : null
  const state = startState(given, job, fromStep)
  const seeds: string[] = []
  // The order of the steps done before comes from the seeds of their windows.
  const before = fromStep > 0 ? scheduleOf(job).windowOfStep(fromStep - 1) : -1
  const noSeeds = await awaitSeeds(dir, seeds, before, signal)
  if (noSeeds) return noSeeds
  const trainer = createTrainer({ job, data, seeds, state })
  const out = openOutput(dir, fromStep)
  const breathe = createPause()
  if (fromStep === 0) out.checkpoint(state, resumed)
  log(`training steps ${fromStep} to ${toStep} of ${job.steps}`)

  while (state.step < toStep) {
    const window = scheduleOf(job).windowOfStep(state.step)
    const end = await awaitSeeds(dir, seeds, window, signal)
    if (end) return end
    if (!(await trainSegment(trainer, job, toStep, out, breathe, signal))) return 'stopped'
  }
  if (toStep === job.steps) writeResult(dir, job, state, log)
  return 'done'
}

/** Trains to the end of the running segment, and writes its checkpoint; false if told to stop before. */
async function trainSegment(
  trainer: Trainer,
  job: TrainingJob,
  toStep: number,
  out: Output,
  breathe: () => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const { state } = trainer
  const segment = Math.floor(state.step / job.stepsPerSegment)
  const end = Math.min((segment + 1) * job.stepsPerSegment, job.steps)
  while (state.step < Math.min(end, toStep)) {
    out.progress(trainer.step(), state.step * job.hyperparameters.batchSize)
    await breathe()
    if (signal.aborted && state.step < end) {
      out.flush()
      return false
    }
  }
  out.flush()
  if (state.step === end) out.checkpoint(state)
  return !signal.aborted || state.step === toStep
}

/** Lets signals in now and then; undefined, and free, in between. */
function createPause(): () => Promise<void> | undefined {
  let dueAt = Date.now() + YIELD_MS
  return () => {
    if (Date.now() < dueAt) return undefined
    dueAt = Date.now() + YIELD_MS
    return new Promise((resolve) => setImmediate(resolve))
  }
}

/** Reads the seeds of windows up to `window`, waiting for the files that are not there yet. */
async function awaitSeeds(
  dir: string,
  seeds: string[],
  window: number,
  signal: AbortSignal,
): Promise<RunEnd | null> {
  const deadline = Date.now() + SEED_WAIT_MS
  while (seeds.length <= window) {
    const seed = readSeed(join(dir, 'in/windows', `${seeds.length}.json`))
    if (seed) {
      seeds.push(seed)
      continue
    }
    if (signal.aborted) return 'stopped'
    if (Date.now() > deadline) return 'no-seed'
    await new Promise((resolve) => setTimeout(resolve, SEED_POLL_MS))
  }
  return null
}

/** Null while the file is missing or half written. */
function readSeed(path: string): string | null {
  if (!existsSync(path)) return null
  const seed = /^\s*\{\s*"seed"\s*:\s*"(0x[0-9a-f]*)"\s*\}\s*$/.exec(readFileSync(path, 'utf8'))?.[1]
  return seed && isSeed(seed) ? seed : null
}

/** What a job begins with that is given a checkpoint for step 0 was learnt before; its counters begin anew. */
function startState(given: string, job: TrainingJob, fromStep: number): TrainState {
  if (fromStep === 0 && !existsSync(given)) return initialState(job)
  const state = readCheckpoint(readFileSync(given), job.model.layers)
  if (fromStep === 0) return { ...state, step: 0, epoch: 0, cursor: 0 }
  if (state.step !== fromStep)
    throw new SpecInvalid(`the checkpoint is of step ${state.step}, not ${fromStep}`)
  return state
}

type Output = {
  progress(report: StepReport, samples: number): void
  flush(): void
  /** @param bytes the state's file, where it is not the one that its counters give */
  checkpoint(state: TrainState, bytes?: Uint8Array | null): void
}

function openOutput(dir: string, fromStep: number): Output {
  const path = join(dir, 'out/progress.jsonl')
  mkdirSync(join(dir, 'out'), { recursive: true })
  keepProgress(path, fromStep)
  let lines = ''
  let flushAt = Date.now() + FLUSH_MS
  const flush = () => {
    appendFileSync(path, lines)
    lines = ''
    flushAt = Date.now() + FLUSH_MS
  }
  return {
    progress({ step, loss, lossBits, gradNormBits }, samples) {
      lines += `${JSON.stringify({ step, loss, lossBits, gradNormBits, samples })}\n`
      if (Date.now() >= flushAt) flush()
    },
    flush,
    checkpoint(state, bytes) {
      const path = join(dir, 'out/checkpoints', `${state.step}`, 'state.safetensors')
      writeWhole(path, bytes ?? writeCheckpoint(state))
    },
  }
}

function writeResult(dir: string, job: TrainingJob, state: TrainState, log: (line: string) => void): void {
  const heldOut: DataSet = readDataSet(readFileSync(join(dir, 'data/heldOut.safetensors')))
  const metrics = evaluate(job.model.layers, state.params, heldOut)
  writeWhole(join(dir, 'out/result/model.safetensors'), writeModel(state))
  writeWhole(join(dir, 'out/result/metrics.json'), metricsBytes(metrics))
  log(`held-out accuracy ${metrics.correct}/${metrics.total}`)
}
