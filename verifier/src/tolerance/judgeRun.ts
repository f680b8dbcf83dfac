import type { Distance } from './measure.ts'
import { type Profile, quantile, STATISTICS, USUAL } from './profile.ts'

/** In fewer stretches a few rare ones are most. */
export const MIN_STRETCHES = 20

/**
 * Judges a run by what is usual in it: thresholds of single stretches leave room for the rarest of honest ones, and who uses
 * that room throughout, to compute less, is seen here. Stretches whose length the profile does not know, and runs of fewer
 * than MIN_STRETCHES, are not judged.
 * @returns why it is no honest run, in words; none: nothing is unusual
 */
export function judgeRun(profile: Profile, distances: readonly Distance[]): string[] {
  return profile.levels.flatMap(({ steps, usual }) => {
    const run = distances.filter((one) => one.steps === steps)
    if (run.length < MIN_STRETCHES) return []
    return (['half', 'most'] as const).flatMap((share) =>
      STATISTICS.flatMap((name) => {
        const value = quantile(run, name, USUAL[share])
        if (value <= usual[share][name]) return []
        return `${name} is up to ${value.toPrecision(3)} in ${USUAL[share] * 100} % of ${run.length} stretches, in honest runs up to ${usual[share][name].toPrecision(3)}`
      }),
    )
  })
}
