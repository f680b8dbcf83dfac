import type { Schedule } from '../canonical/schedule.ts'
import { range, type ScreenResult, type ScreenRun } from './screenRun.ts'
import { median } from './statistics.ts'

const THRESHOLD = 3
const MIN_WINDOWS = 4

/**
 * No window is committed much faster than the others. Statistic: the run's median of blocks a step, divided by that of
 * its fastest window, which may have taken one block more than it shows.
 */
export function screenTiming(run: ScreenRun, schedule: Pick<Schedule, 'windowSegments'>): ScreenResult {
  const { commitments } = run
  const base = { screen: 'timing' as const, threshold: THRESHOLD }
  const windows = commitments.slice(1).map(({ blockNumber, steps }, i) => {
    const blocks = blockNumber - commitments[i]!.blockNumber
    return { window: i + 1, pace: blocks / steps, slowest: (blocks + 1) / steps }
  })
  if (commitments.length < MIN_WINDOWS) return { ...base, statistic: null, segments: [] }
  const usual = median(windows.map(({ pace }) => pace))
  const fast = windows.map(({ window, slowest }) => ({ window, factor: usual / slowest }))
  const segments = fast.flatMap(({ window, factor }) => {
    const { first, end } = schedule.windowSegments(window)
    return factor > THRESHOLD ? range(first, end) : []
  })
  return { ...base, statistic: Math.max(...fast.map(({ factor }) => factor)), segments }
}
