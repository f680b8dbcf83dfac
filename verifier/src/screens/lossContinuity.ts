import { floatOf } from '../canonical/math.ts'
import { gradient, gradientNorm } from '../canonical/step.ts'
import { loadBatch, trainingWorkspace } from '../canonical/workspace.ts'
import { samplesUsed } from './samplesUsed.ts'
import { byStretch, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 1e-3
const SMALLEST = 1e-6

/**
 * The claimed trace passes through the claimed states: loss and gradient norm of the step after each state are what that
 * state and its batch give. Statistic: largest relative difference of the two.
 */
export function screenLossContinuity(run: ScreenRun): ScreenResult {
  const { job, data, states, steps, bounds } = run
  const work = trainingWorkspace(job, data)
  const statistics = states.slice(0, -1).map((state) => {
    const claimed = steps[state.step]
    if (!claimed) return null
    work.batch.set(samplesUsed(run, state.step, state.step + 1))
    loadBatch(work, data, work.batch.length)
    const loss = gradient(work, state.params)
    const norm = gradientNorm(work.gradients)
    return Math.max(relative(floatOf(claimed[0]), loss), relative(floatOf(claimed[1]), norm))
  })
  return byStretch('loss-continuity', THRESHOLD, statistics, bounds)
}

function relative(claimed: number, found: number): number {
  const difference = Math.abs(claimed - found) / Math.max(Math.abs(found), SMALLEST)
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
}
