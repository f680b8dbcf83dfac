import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { WindowSeeds } from '../canonical/types.ts'
import { whole } from '../fields.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import type { ImageJob } from '../job.ts'
import { canonicalBytes } from '../json.ts'
import { ReplayUnavailable } from './errors.ts'

/** One stretch of a job that is to be run again in its image. */
export type ImageRun = {
  job: ImageJob
  train: Uint8Array
  heldOut: Uint8Array
  /** of windows 0 to that of the last step */
  seeds: WindowSeeds
  /** checkpoint file of fromStep; null for the job's own beginning */
  before: Uint8Array | null
  fromStep: number
  toStep: number
}

/** What a run left: checkpoint files by step, bits per step, and the metrics file if it reached the last step. */
export type ImageOutput = {
  checkpoints: ReadonlyMap<number, Uint8Array>
  inner: readonly InnerStep[]
  metrics: Uint8Array | null
}

const bits = whole(0, 2 ** 32 - 1)
const lineSchema = z.looseObject({ step: whole(1, 1e7), lossBits: bits, gradNormBits: bits })

/** Writes the job folder of a run (docs/formats.md 3) below `parent`, readable for the job's user. */
export function openReplayFolder(run: ImageRun, parent: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(parent, 'trainyard-replay-'))
  chmodSync(path, 0o755)
  const write = (name: string, bytes: Uint8Array | string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true, mode: 0o755 })
    writeFileSync(join(path, name), bytes, { mode: 0o644 })
  }
  write('job/spec.json', canonicalBytes(run.job))
  write('job/data/train.safetensors', run.train)
  write('job/data/heldOut.safetensors', run.heldOut)
  run.seeds.forEach((seed, window) => {
    write(`job/in/windows/${window}.json`, JSON.stringify({ seed }))
  })
  if (run.before) write('job/in/checkpoint/state.safetensors', run.before)
  mkdirSync(join(path, 'collected'), { mode: 0o755 })
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Reads what the replay command has collected, which are plain files of its own. Throws ReplayUnavailable. */
export function readReplay({ job, fromStep, toStep }: ImageRun, path: string): ImageOutput {
  const read = (name: string) => readFileSync(join(path, 'collected', name))
  try {
    const checkpoints = new Map<number, Uint8Array>()
    if (fromStep === 0) checkpoints.set(0, read('checkpoints/0/state.safetensors'))
    for (const step of segmentEnds(job, fromStep, toStep)) {
      checkpoints.set(step, read(`checkpoints/${step}/state.safetensors`))
    }
    const lines = toStep === fromStep ? [] : read('progress.jsonl').toString('utf8').trimEnd().split('\n')
    const inner = lines.map((text, i) => {
      const line = lineSchema.parse(JSON.parse(text))
      if (line.step !== fromStep + i + 1)
        throw new RangeError(`progress line ${i + 1} is of step ${line.step}`)
      return [line.lossBits, line.gradNormBits] as const
    })
    if (inner.length !== toStep - fromStep) throw new RangeError(`${inner.length} progress lines`)
    return { checkpoints, inner, metrics: toStep === job.steps ? read('result/metrics.json') : null }
  } catch (error) {
    throw new ReplayUnavailable(`what it wrote is not complete: ${(error as Error).message}`)
  }
}

/** Ends of the segments between two steps, `toStep` included. */
export function segmentEnds(job: ImageJob, fromStep: number, toStep: number): number[] {
  const k = job.stepsPerSegment
  const ends: number[] = []
  for (let end = (Math.floor(fromStep / k) + 1) * k; end < toStep; end += k) ends.push(end)
  if (toStep > fromStep) ends.push(toStep)
  return ends
}
