import type { Bundle } from '../bundle/read.ts'
import type { TrainState } from '../canonical/types.ts'
import { jobSchedule } from '../job.ts'
import { SCREEN_IDS, type ScreenResult, type ScreenRun } from './screenRun.ts'
import { screens } from './screens.ts'

/** More states than these cost time and tell little more. */
const MAX_STATES = 33

/**
 * All screens over what a bundle claims, none of which replays anything. Nothing for a job in an image, whose states
 * only its program understands, nor for an order that resumes another's: the screens ask what training from random
 * weights looks like. Throws Blocked where the bundle's files cannot be used.
 */
export function screenBundle(bundle: Bundle): ScreenResult[] {
  const run = runOf(bundle)
  return run ? SCREEN_IDS.map((id) => screens[id](run)) : []
}

function runOf(bundle: Bundle): ScreenRun | null {
  const job = bundle.job()
  if (job.version !== 1 || job.resumeFrom) return null
  const { segments, bounds, checkpoints } = bundle.coverage()
  const schedule = jobSchedule(job)
  const stepAt = (segment: number) => (segment === 0 ? 0 : schedule.segmentSteps(segment - 1).end)
  const kept = thin(bounds.length)
  const states = kept.map((i) => bundle.checkpoint(checkpoints[i]!) as TrainState) // of a canonical job
  return {
    job,
    data: bundle.train(),
    heldOut: bundle.heldOut(),
    seeds: bundle.seeds(),
    states: states.map((state, i) => ({ ...state, step: checkpoints[kept[i]!]! })),
    bounds: kept.map((i) => bounds[i]!),
    steps: Array.from({ length: segments }, (_, segment) => bundle.inner(segment)).flat(),
    commitments: bundle.order().windows.map(({ blockNumber }, window) => {
      return { blockNumber, steps: stepAt(bounds[window + 1]!) - stepAt(bounds[window]!) }
    }),
  }
}

/** Indices of at most 33 of `count` states, evenly, first and last included. */
function thin(count: number): number[] {
  const wanted = Math.min(count, MAX_STATES)
  return Array.from({ length: wanted }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, wanted - 1)))
}
