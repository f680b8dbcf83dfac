import { sha256 } from '#sha256'
import { initialState } from '../canonical/init.ts'
import { toHex } from '../hash/hex.ts'
import { distance } from './distance.ts'
import { numberOf, range, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 0.97
const OTHERS = 8

/**
 * The final weights are nearer to the claimed initial ones than to any others. Statistic: that distance divided by the
 * smallest distance to the initial weights of 8 other seeds.
 */
export function screenInitialDistance({ job, states, bounds }: ScreenRun): ScreenResult {
  const [first, last] = [states[0]!, states.at(-1)!]
  const others = Array.from({ length: OTHERS }, (_, i) => {
    const seed = toHex(sha256(new TextEncoder().encode(`${job.seed} other ${i}`)))
    return distance(initialState({ ...job, seed }), last)
  })
  const statistic = numberOf(distance(first, last) / Math.min(...others))
  const odd = statistic > THRESHOLD
  const segments = odd ? range(bounds[0]!, bounds[1]!) : []
  return { screen: 'initial-distance', statistic, threshold: THRESHOLD, segments }
}
