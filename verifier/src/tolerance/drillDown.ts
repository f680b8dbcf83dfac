import type { JobState } from '../jobState.ts'
import { judge, type ToleranceVerdict } from './judge.ts'
import { measure, type Outcome } from './measure.ts'
import type { Profile } from './profile.ts'

/** What a drill-down comes to: the first step outside, counted from 1, or none. */
export type DrillDown = { step: number; verdict: ToleranceVerdict } | { step: null; margin: number }

/**
 * Judges a stretch that is outside step by step, each from the state that is claimed before it: rare roundings that later
 * steps amplify then fall away, and what was not done stays. Where a step is unknown to the profile it counts as outside.
 * @param claimed after each of its steps
 * @param replayStep one step from a state
 */
export async function drillDown(
  profile: Profile,
  before: JobState,
  claimed: readonly Outcome[],
  replayStep: (before: JobState, step: number) => Promise<Outcome>,
): Promise<DrillDown> {
  let margin = 0
  let from = before
  for (const [i, outcome] of claimed.entries()) {
    const verdict = judge(profile, measure(from, await replayStep(from, i + 1), outcome))
    if (verdict.word === 'outside' || verdict.word === 'unknown') return { step: i + 1, verdict }
    margin = Math.max(margin, verdict.margin ?? 0)
    from = outcome.state
  }
  return { step: null, margin }
}
