import type { Distance } from './measure.ts'
import { PROGRESS, type Profile, STATISTICS, type Statistics, statisticsOf } from './profile.ts'

/**
 * equal: the same numbers. within: not farther off than honest machines are. outside: farther, or something that must be
 * equal is not. unknown: the profile says nothing about stretches of this length.
 */
export type ToleranceWord = 'equal' | 'within' | 'outside' | 'unknown'

export type ToleranceVerdict = {
  word: ToleranceWord
  statistics: Statistics
  /** the largest statistic over its threshold (see marginOf); null if there is none to compare with */
  margin: number | null
  /** why it is outside, in words */
  reasons: string[]
}

/** Judges one stretch by a profile. Outside ends pay and never takes a stake: that is for a jury, or nobody. */
export function judge(profile: Profile, distance: Distance): ToleranceVerdict {
  return judgeBy(profile.levels.find(({ steps }) => steps === distance.steps)?.thresholds, distance)
}

/** The same by thresholds; none: they are not known. */
export function judgeBy(thresholds: Statistics | undefined, distance: Distance): ToleranceVerdict {
  const statistics = statisticsOf(distance)
  const isEqual = distance.unequal.length === 0 && STATISTICS.every((name) => statistics[name] === 0)
  if (isEqual) return { word: 'equal', statistics, margin: 0, reasons: [] }
  if (distance.unequal.length > 0) {
    return {
      word: 'outside',
      statistics,
      margin: Infinity,
      reasons: distance.unequal.map((what) => `${what} differs`),
    }
  }
  if (!thresholds) return { word: 'unknown', statistics, margin: null, reasons: [] }
  const reasons = [...beyond(thresholds, statistics), ...withoutProgress(distance)]
  return {
    word: reasons.length === 0 ? 'within' : 'outside',
    statistics,
    margin: marginOf(thresholds, statistics),
    reasons,
  }
}

/** The largest of the statistics over their thresholds; of the cosine the root, since it grows with the square of e. */
function marginOf(thresholds: Statistics, statistics: Statistics): number {
  const ratios = STATISTICS.map((name) => {
    if (statistics[name] === 0) return 0
    const ratio = thresholds[name] === 0 ? Infinity : statistics[name] / thresholds[name]
    return name === 'cosine' ? Math.sqrt(ratio) : ratio
  })
  return Math.max(...ratios)
}

function beyond(thresholds: Statistics, statistics: Statistics): string[] {
  return STATISTICS.filter((name) => !(statistics[name] <= thresholds[name])).map((name) => {
    return `${name} is ${statistics[name].toPrecision(3)}, honest up to ${thresholds[name].toPrecision(3)}`
  })
}

/** Steps too small to tell from honest noise would pass every distance that the noise passes. */
function withoutProgress({ tensors }: Distance): string[] {
  return tensors
    .filter(({ progress }) => !(progress >= PROGRESS.least && progress <= PROGRESS.most))
    .map(({ name, progress }) => `tensor ${name} moved ${progress.toPrecision(3)} times as far as its replay`)
}
