import { byStretch, type ScreenResult, type ScreenRun, sampleOf } from './screenRun.ts'
import { ksDistance } from './statistics.ts'

const THRESHOLD = 0.35
const MIN_VALUES = 64
const MAX_VALUES = 65_536

/**
 * The distribution of weights changes continuously. Statistic: Kolmogorov-Smirnov distance between neighbouring states,
 * the largest over weight matrices (biases begin as one value and may go anywhere).
 */
export function screenContinuity({ states, bounds }: ScreenRun): ScreenResult {
  const statistics = states.slice(1).map((after, stretch) => {
    const distances = after.params.flatMap((values, i) => {
      const isMatrix = i % 2 === 0 && values.length >= MIN_VALUES
      return isMatrix
        ? [ksDistance(sampleOf(states[stretch]!.params[i]!, MAX_VALUES), sampleOf(values, MAX_VALUES))]
        : []
    })
    return distances.length === 0 ? null : Math.max(...distances)
  })
  return byStretch('continuity', THRESHOLD, statistics, bounds)
}
