import type { Plan } from '../../order/plan.ts'

const MEGABYTE = 1e6
/** A folder of many small files is slow to list, and to list it again for each segment. */
const MAX_RECENT = 1_024
/** The trainer can be two windows ahead of the leaves, since it waits for seeds; a recomputed window lies beside them. */
const WINDOWS_UNDER_WAY = 4

/** How many checkpoints are kept besides those that must be. */
export function recentCheckpoints(bytesEach: number, megabytes: number): number {
  return Math.min(MAX_RECENT, Math.floor((megabytes * MEGABYTE) / Math.max(1, bytesEach)))
}

/** The most checkpoints of an order that lie on disk at once: O(window), where that is less than all. */
export function checkpointRoom(plan: Plan, recent: number): number {
  const kept = plan.windows + 3 + recent
  const underWay = WINDOWS_UNDER_WAY * plan.segmentsPerWindow
  return Math.min(2 * (plan.segments + 1), kept + underWay)
}
