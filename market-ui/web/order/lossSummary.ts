import { formatCount, formatLoss } from '../format/formatNumber.ts'
import type { LossPoint } from '../live/OrderFeedStore.ts'

/** The curve in a sentence, for those who do not see it. */
export const lossSummary = (points: readonly LossPoint[]): string => {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return 'No loss reported yet.'
  const lowest = points.reduce((low, point) => (point.loss < low.loss ? point : low), first)
  return `Loss went from ${formatLoss(first.loss)} at step ${formatCount(first.step)} to ${formatLoss(last.loss)} at step ${formatCount(last.step)}; lowest ${formatLoss(lowest.loss)} at step ${formatCount(lowest.step)}.`
}

/** The mean of each point and the `reach` points on either side: one batch's loss jumps too much to see a trend. */
export const centredMean = (points: readonly LossPoint[], reach: number): number[] => {
  const sums = [0]
  for (const point of points) sums.push(sums.at(-1)! + point.loss)
  return points.map((_, index) => {
    const from = Math.max(0, index - reach)
    const to = Math.min(points.length, index + reach + 1)
    return (sums[to]! - sums[from]!) / (to - from)
  })
}

/** At most `limit` points, evenly spread, the first and the last among them. */
export const thinOut = (points: readonly LossPoint[], limit: number): LossPoint[] => {
  if (points.length <= limit) return [...points]
  const step = (points.length - 1) / (limit - 1)
  return Array.from({ length: limit }, (_, index) => points[Math.round(index * step)]!)
}

/** Whether losses differ so much that a linear axis would show one cliff and a flat line. */
export const spansDecades = (points: readonly LossPoint[]): boolean => {
  let lowest = Number.POSITIVE_INFINITY
  let highest = 0
  for (const { loss } of points) {
    if (loss <= 0) return false // has no place on a logarithmic axis
    lowest = Math.min(lowest, loss)
    highest = Math.max(highest, loss)
  }
  return highest / lowest > 30
}
