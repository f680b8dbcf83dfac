import { floatOf } from '../canonical/math.ts'
import type { TrainState } from '../canonical/types.ts'
import { distance } from './distance.ts'
import { byStretch, type ScreenResult, type ScreenRun } from './screenRun.ts'
import { median } from './statistics.ts'

const THRESHOLD = 2.5
const ROUNDING = 1e-3

/**
 * Weights move as far as the claimed gradients can carry them. With v = mu v + g and w = w - lr v the change is at most
 * lr times the sum of |v|, and |v| at most mu |v| + |g|; the ratio to that bound is alike in all stretches. Statistic:
 * |ln ratio - median of the run's ln ratios|; infinite above the bound, and where nothing moved.
 */
export function screenUpdateNorm({ job, states, steps, bounds }: ScreenRun): ScreenResult {
  const ratios = states.slice(1).map((after, stretch) => {
    const before = states[stretch]!
    const norms = steps.slice(before.step, after.step).map(([, bits]) => floatOf(bits))
    return distance(before, after) / farthest(job.hyperparameters, before, norms)
  })
  const usual = median(ratios.map(Math.log).filter(Number.isFinite))
  const statistics = ratios.map((ratio) => {
    if (!(ratio > 0 && ratio <= 1 + ROUNDING)) return Number.POSITIVE_INFINITY
    return Math.abs(Math.log(ratio) - usual)
  })
  return byStretch('update-norm', THRESHOLD, statistics, bounds)
}

function farthest(
  { learningRate, momentum }: { learningRate: number; momentum: number },
  before: TrainState,
  gradientNorms: readonly number[],
): number {
  let velocity = Math.sqrt(
    before.momenta.reduce((sum, values) => sum + values.reduce((s, v) => s + v * v, 0), 0),
  )
  let way = 0
  for (const norm of gradientNorms) {
    velocity = momentum * velocity + norm
    way += learningRate * velocity
  }
  return way
}
