import type { TrainState } from '../canonical/types.ts'
import { byStretch, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 0.9999

/**
 * Neighbouring updates lie on no line: a straight one is an interpolation, the same way back an old state. Statistic: |cosine| of a stretch's update and the one before it.
 */
export function screenUpdateCosine({ states, bounds }: ScreenRun): ScreenResult {
  const statistics = states.slice(1).map((after, stretch) => {
    return stretch === 0 ? null : Math.abs(cosine(states[stretch - 1]!, states[stretch]!, after))
  })
  return byStretch('update-cosine', THRESHOLD, statistics, bounds)
}

/** Of b - a and c - b; 0 where one of them is 0. */
function cosine(a: TrainState, b: TrainState, c: TrainState): number {
  let [product, first, second] = [0, 0, 0]
  for (const [i, values] of b.params.entries()) {
    const [before, after] = [a.params[i]!, c.params[i]!]
    for (let j = 0; j < values.length; j++) {
      const [x, y] = [values[j]! - before[j]!, after[j]! - values[j]!]
      product += x * y
      first += x * x
      second += y * y
    }
  }
  return first === 0 || second === 0 ? 0 : product / Math.sqrt(first * second)
}
