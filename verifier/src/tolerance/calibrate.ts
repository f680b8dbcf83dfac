import { readBundle } from '../bundle/read.ts'
import { InputInvalid } from '../errors.ts'
import type { Replayer } from '../image/runImage.ts'
import { levelOf, type Measured, type Profile, subjectOf } from './profile.ts'
import { stretchesOf } from './stretchesOf.ts'

/** A bundle of an honest run, and the hardware that made it and replays it now. */
export type Calibration = { pair: string; dir: string }

/**
 * Makes a tolerance profile from bundles of runs that are known to be honest, by replaying each of them here. All must be of
 * one job but for its seed and length. Throws InputInvalid, Blocked and Undecidable.
 */
export function calibrate(
  calibrations: readonly Calibration[],
  alpha: number,
  replayer: Replayer | undefined,
): Profile {
  const subjects = new Set<string>()
  const byLength = new Map<number, Measured[]>()
  for (const { pair, dir } of calibrations) {
    const bundle = readBundle(dir, replayer)
    subjects.add(subjectOf(bundle.job()))
    const run = Map.groupBy([...stretchesOf(bundle, replayer)], ({ distance }) => distance.steps)
    for (const [steps, stretches] of run) {
      const distances = stretches.map(({ distance }) => distance)
      byLength.set(steps, [...(byLength.get(steps) ?? []), { pair, distances }])
    }
  }
  const [subject] = subjects
  if (subject === undefined || subjects.size > 1)
    throw new InputInvalid(
      'calibration',
      'takes bundles of one job, which may differ in seed and length only',
    )
  const levels = [...byLength].sort(([a], [b]) => a - b).map(([, measured]) => levelOf(measured, alpha))
  return { version: 1, alpha, subject: subject as Profile['subject'], levels }
}
