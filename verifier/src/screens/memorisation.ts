import type { TrainState } from '../canonical/types.ts'
import { forwardPass } from './forwardPass.ts'
import { samplesUsed } from './samplesUsed.ts'
import { numberOf, range, type ScreenResult, type ScreenRun } from './screenRun.ts'
import { fisherCombined, mannWhitney } from './statistics.ts'

const THRESHOLD = 0.25
const POINTS = 256

/**
 * The loss of points that a stretch claims to have used falls more than that of training points it left out (Choi et
 * al. 2023). One-sided Mann-Whitney test of the falls per stretch, p-values combined by Fisher. Statistic: the combined
 * p-value, small where training happened; the segments to look at are those of stretches without an effect. Needs
 * stretches that leave out 256 points and more.
 */
export function screenMemorisation(run: ScreenRun): ScreenResult {
  const { states, bounds } = run
  const found = states.slice(1).map((after, stretch) => effectOf(run, states[stretch]!, after))
  const pValues = found.filter((p) => p !== null)
  const statistic = pValues.length === 0 ? null : numberOf(fisherCombined(pValues))
  const odd = statistic !== null && statistic > THRESHOLD
  const segments = found.flatMap((p, stretch) => {
    return odd && p !== null && p > THRESHOLD ? range(bounds[stretch]!, bounds[stretch + 1]!) : []
  })
  return { screen: 'memorisation', statistic, threshold: THRESHOLD, segments }
}

function effectOf(run: ScreenRun, before: TrainState, after: TrainState): number | null {
  const { job, data } = run
  const points = (after.step - before.step) * job.hyperparameters.batchSize
  if (points >= 2 * data.samples) return null // all of them were used, and there may be very many
  const latestFirst = new Set(samplesUsed(run, before.step, after.step).toReversed())
  const others = range(0, data.samples).filter((id) => !latestFirst.has(id))
  if (others.length < POINTS) return null
  const fall = (ids: readonly number[]) => {
    const [was, is] = [before, after].map((state) => forwardPass(job.model.layers, state, data, ids).losses)
    return ids.map((_, i) => was![i]! - is![i]!)
  }
  return mannWhitney(fall([...latestFirst].slice(0, POINTS)), fall(spread(others)))
}

/** 256 of them, evenly. */
function spread(ids: readonly number[]): number[] {
  return range(0, POINTS).map((i) => ids[Math.floor((i * ids.length) / POINTS)]!)
}
