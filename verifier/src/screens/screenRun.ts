import type { DataSet, TrainState, WindowSeeds } from '../canonical/types.ts'
import type { InnerStep } from '../hash/innerRoot.ts'
import type { CanonicalJob } from '../job.ts'

/** A run as its seller shows it: nothing in it was replayed. */
export type ScreenRun = {
  job: CanonicalJob
  data: DataSet
  heldOut: DataSet
  seeds: WindowSeeds
  /** claimed states, oldest first; stretch i lies between states i and i + 1 */
  states: readonly TrainState[]
  /** first segment after each state; after the last one the number of segments */
  bounds: readonly number[]
  /** claimed loss and gradient norm of every step */
  steps: readonly InnerStep[]
  /** per window, the block of its commitment and how many steps it has */
  commitments: readonly { blockNumber: number; steps: number }[]
}

export const SCREEN_IDS = [
  'accuracy',
  'continuity',
  'initial-distribution',
  'initial-independence',
  'distance-falling',
  'initial-distance',
  'loss-continuity',
  'update-norm',
  'update-cosine',
  'memorisation',
  'timing',
] as const

export type ScreenId = (typeof SCREEN_IDS)[number]

/**
 * What a screen says. It never convicts: where the statistic is beyond the threshold, `segments` are those to look at
 * first. A screen that has too little to go by has no statistic.
 */
export type ScreenResult = {
  screen: ScreenId
  /** larger is odder; null: not enough to go by */
  statistic: number | null
  threshold: number
  segments: number[]
}

/** The result of a statistic per stretch; null where a stretch has too little to go by. */
export function byStretch(
  screen: ScreenId,
  threshold: number,
  statistics: readonly (number | null)[],
  bounds: readonly number[],
): ScreenResult {
  const numbers = statistics.map((value) => (value === null ? null : numberOf(value)))
  const known = numbers.filter((value) => value !== null)
  const statistic = known.length === 0 ? null : Math.max(...known)
  const segments = numbers.flatMap((value, stretch) => {
    return value !== null && value > threshold ? range(bounds[stretch]!, bounds[stretch + 1]!) : []
  })
  return { screen, statistic, threshold, segments }
}

/** What a claimed state of NaN comes to must not pass for ordinary, nor for unknown once it is JSON. */
export function numberOf(statistic: number): number {
  return Number.isFinite(statistic) ? statistic : Number.MAX_VALUE
}

/** Whether a screen asks to be looked into. */
export function isFlagged({ statistic, threshold }: ScreenResult): boolean {
  return statistic !== null && statistic > threshold
}

/** At most `count` of these values, evenly. */
export function sampleOf(values: Float32Array, count: number): Float32Array {
  if (values.length <= count) return values
  return new Float32Array(count).map((_, i) => values[Math.floor((i * values.length) / count)]!)
}

/** Whole numbers from `first` up to, not including, `end`. */
export function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i)
}
