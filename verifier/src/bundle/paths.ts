import { type Job, jobSchedule } from '../job.ts'
import type { OrderRecord } from './orderRecord.ts'

/** Where things lie in a bundle. */
export const PATHS = {
  job: 'job.json',
  order: 'order.json',
  train: 'data/train.safetensors',
  heldOut: 'data/heldOut.safetensors',
  model: 'result/model.safetensors',
  metrics: 'result/metrics.json',
  progress: 'progress.jsonl',
  window: (index: number) => `windows/${index}.json`,
  checkpoint: (step: number) => `checkpoints/${step}/state.safetensors`,
  inner: (segment: number) => `inner/${segment}.json`,
} as const

/** How far the committed windows of an order reach. */
export type Coverage = {
  segments: number
  /** first segment of each window, and `segments` */
  bounds: number[]
  steps: number
  /** all of the job's steps */
  complete: boolean
  /** steps whose checkpoints the bundle holds: 0, the first of each window, and the last */
  checkpoints: number[]
}

/** Throws RangeError if the order's windows are not windows of this job. */
export function coverageOf(job: Job, order: OrderRecord): Coverage {
  const schedule = jobSchedule(job)
  const bounds = [0]
  order.windows.forEach((window, index) => {
    const { first, end } = schedule.windowSegments(index)
    const last = index === order.windows.length - 1
    if (window.segments > end - first || (!last && window.segments < end - first)) {
      throw new RangeError(`window ${index} cannot have ${window.segments} segments`)
    }
    bounds.push(first + window.segments)
  })
  const segments = bounds.at(-1)!
  const steps = schedule.segmentSteps(segments - 1).end
  const firsts = bounds.slice(0, -1).map((segment) => schedule.segmentSteps(segment).first)
  return { segments, bounds, steps, complete: steps === job.steps, checkpoints: [...firsts, steps] }
}

/** Every path that a bundle of this job and order holds, manifest.json aside. */
export function bundlePaths(job: Job, order: OrderRecord): string[] {
  const { segments, bounds, complete, checkpoints } = coverageOf(job, order)
  const paths: string[] = [PATHS.job, PATHS.order, PATHS.train, PATHS.heldOut, PATHS.progress]
  if (complete) paths.push(PATHS.model, PATHS.metrics)
  for (let window = 0; window + 1 < bounds.length; window++) paths.push(PATHS.window(window))
  for (const step of checkpoints) paths.push(PATHS.checkpoint(step))
  for (let segment = 0; segment < segments; segment++) paths.push(PATHS.inner(segment))
  return paths
}
