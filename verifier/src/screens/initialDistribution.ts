import { byStretch, type ScreenResult, type ScreenRun, sampleOf } from './screenRun.ts'
import { ksFromUniform } from './statistics.ts'

/** Kolmogorov's distribution exceeds it once in 8,000 (2 exp(-2 x^2)). */
const THRESHOLD = 2.2
const MAX_VALUES = 65_536

/**
 * Initial weights have the declared distribution: uniform up to sqrt(6 / inputs) (He et al. 2015), biases and momenta
 * 0. Statistic: sqrt(n) times the Kolmogorov-Smirnov distance from it, the largest over matrices.
 */
export function screenInitialDistribution({ job, states, bounds }: ScreenRun): ScreenResult {
  const { params, momenta } = states[0]!
  const zeroes = [...params.filter((_, i) => i % 2 === 1), ...momenta]
  const isBlank = zeroes.every((values) => values.every((value) => value === 0))
  const distances = params.map((values, i) => {
    const bound = Math.sqrt(6 / job.model.layers[i >> 1]!)
    const sample = sampleOf(values, MAX_VALUES)
    return i % 2 === 0 ? Math.sqrt(sample.length) * ksFromUniform(sample, bound) : 0
  })
  const statistic = isBlank ? Math.max(...distances) : Number.POSITIVE_INFINITY
  return byStretch('initial-distribution', THRESHOLD, [statistic], bounds)
}
