import { jobSchedule } from '@trainyard/verifier/job.ts'
import type { ScreenRun } from '@trainyard/verifier/screens/screenRun.ts'
import type { Run } from '../redteam/attack.ts'
import type { World } from '../redteam/world.ts'

/** A run as its bundle shows it: states at the ends of windows, and every step's claimed loss and gradient norm. */
export function screenRunOf(world: World, run: Run): ScreenRun {
  const { job, data, heldOut, seeds } = world
  const schedule = jobSchedule(job)
  const windows = Array.from({ length: schedule.windows }, (_, window) => schedule.windowSegments(window))
  const bounds = [0, ...windows.map(({ end }) => end)]
  const states = bounds.map((bound) => (bound === 0 ? run.initial : run.segments[bound - 1]!.state))
  const commitments = windows.map(({ first, end }, window) => {
    const steps = schedule.segmentSteps(end - 1).end - schedule.segmentSteps(first).first
    return { blockNumber: 20 + 10 * window, steps }
  })
  const steps = run.segments.flatMap(({ inner }) => inner)
  return { job, data, heldOut, seeds, states, bounds, steps, commitments }
}
