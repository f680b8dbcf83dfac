import type { Head } from '../chain/createHead.ts'
import type { Action } from '../order/action.ts'

/** So long without a step, on the chain's clock. */
const QUIET_MS = 60_000

/**
 * Watches for a job that stands still although it has all it needs: no step for a minute, and its window is late on chain.
 * A slow job goes on, however late, and pays with another draw.
 * @param readDueAt from when on the window is late (Unix seconds); 0: none is due
 */
export function createStallWatch(head: Head, readDueAt: () => Promise<number>, firstStep: number) {
  let step = firstStep
  let movedAtMs = head.nowMs()
  return {
    /** @param newest step that the job has told */
    async look(newest: number): Promise<Extract<Action, { type: 'JobStalled' }> | undefined> {
      const nowMs = head.nowMs()
      if (newest > step) {
        step = newest
        movedAtMs = nowMs
      }
      if (nowMs - movedAtMs < QUIET_MS) return undefined
      movedAtMs = nowMs - QUIET_MS / 2 // asked again in half a minute
      const dueAt = await readDueAt()
      // The block in which this is reported must see it, too.
      if (dueAt === 0 || head.current().timestamp < dueAt) return undefined
      const message = `The job has done nothing since step ${step}, and its window is late.`
      return { type: 'JobStalled', message }
    },
  }
}
