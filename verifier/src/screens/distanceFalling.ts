import { distance } from './distance.ts'
import { byStretch, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 0.005

/**
 * The distance to the final weights falls all the time. Statistic: how much a stretch adds to it, as a share of the
 * distance at the beginning.
 */
export function screenDistanceFalling({ states, bounds }: ScreenRun): ScreenResult {
  const left = states.map((state) => distance(state, states.at(-1)!))
  const statistics = left
    .slice(1)
    .map((after, stretch) => (left[0]! > 0 ? (after - left[stretch]!) / left[0]! : null))
  return byStretch('distance-falling', THRESHOLD, statistics, bounds)
}
