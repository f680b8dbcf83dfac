import { setTimeout as sleep } from 'node:timers/promises'
import { containerOf, type Engine } from './engine.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'
import { inspectContainer } from './inspectContainer.ts'

/** Kills and removes the container of a run; fine when there is none or another removal is under way. */
export async function removeContainer(engine: Engine, runId: string): Promise<void> {
  const container = containerOf(engine, runId)
  try {
    await engineCall(`remove run ${runId}`, () => container.remove({ force: true, v: true }))
  } catch (error) {
    if (refusalOf(error) === 404) return
    if (refusalOf(error) !== 409) throw error
    await untilGone(engine, runId)
  }
}

async function untilGone(engine: Engine, runId: string): Promise<void> {
  const deadline = performance.now() + CALL_TIMEOUT_MS
  while (performance.now() < deadline) {
    if ((await inspectContainer(engine, runId)) === undefined) return
    await sleep(100)
  }
}
