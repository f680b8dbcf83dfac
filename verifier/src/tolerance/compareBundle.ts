import { Undecidable } from '../bundle/blocked.ts'
import { readBundle } from '../bundle/read.ts'
import type { Replayer } from '../image/runImage.ts'
import type { Verdict } from '../verdict.ts'
import { judge, type ToleranceVerdict } from './judge.ts'
import { judgeRun } from './judgeRun.ts'
import { type Profile, subjectOf } from './profile.ts'
import { stretchesOf } from './stretchesOf.ts'

export type ToleranceReport = {
  verdict: Verdict['verdict']
  /** the most that may follow from it: pay ends at that window; a stake is never taken */
  consequence: 'none' | 'refund'
  /** why the whole is no honest run, though each window may be within */
  unusual: string[]
  windows: ({ window: number; segments: readonly [number, number]; steps: number } & ToleranceVerdict)[]
}

/**
 * Compares a bundle with replays on this machine, window by window, within the tolerance of a profile. Throws Blocked where
 * the bundle contradicts itself, and Undecidable for another job than the profile's, or one that cannot be run here.
 */
export function compareBundle(
  dir: string,
  profile: Profile,
  replayer: Replayer | undefined,
): ToleranceReport {
  const bundle = readBundle(dir, replayer)
  const subject = subjectOf(bundle.job())
  if (subject !== profile.subject)
    throw new Undecidable(
      `the profile is for another job (${profile.subject}, this is ${subject}): calibrate one for it`,
    )
  const stretches = [...stretchesOf(bundle, replayer)]
  const unusual = judgeRun(
    profile,
    stretches.map(({ distance }) => distance),
  )
  const windows = stretches.map(({ window, segments, distance }) => {
    return { window, segments, steps: distance.steps, ...judge(profile, distance) }
  })
  const has = (word: ToleranceVerdict['word']) => windows.some((one) => one.word === word)
  const verdict = has('outside') || unusual.length > 0 ? 'invalid' : has('unknown') ? 'undecided' : 'valid'
  return { verdict, consequence: verdict === 'invalid' ? 'refund' : 'none', unusual, windows }
}
