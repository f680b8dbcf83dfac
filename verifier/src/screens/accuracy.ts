import { forwardPass } from './forwardPass.ts'
import { byStretch, range, type ScreenResult, type ScreenRun } from './screenRun.ts'

const THRESHOLD = 12
const MAX_SAMPLES = 4_096

/**
 * Held-out accuracy does not fall from state to state beyond noise. Statistic: (lost - won) / sqrt(lost + won) of the
 * samples that a stretch lost and won (McNemar 1947), about normal if both are equally likely.
 */
export function screenAccuracy({ job, heldOut, states, bounds }: ScreenRun): ScreenResult {
  const count = Math.min(heldOut.samples, MAX_SAMPLES)
  const ids = range(0, count).map((i) => Math.floor((i * heldOut.samples) / count))
  const right = states.map((state) => forwardPass(job.model.layers, state, heldOut, ids).right)
  const statistics = right.slice(1).map((after, stretch) => {
    const before = right[stretch]!
    const lost = after.filter((isRight, i) => before[i]! && !isRight).length
    const won = after.filter((isRight, i) => !before[i]! && isRight).length
    return lost + won === 0 ? 0 : (lost - won) / Math.sqrt(lost + won)
  })
  return byStretch('accuracy', THRESHOLD, statistics, bounds)
}
