import { containerOf, type Engine } from './engine.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'

/** SIGTERM, then SIGKILL after graceMs (rounded up to whole seconds by the engine's API). */
export async function stopContainer(engine: Engine, runId: string, graceMs: number): Promise<void> {
  const container = containerOf(engine, runId)
  const t = Math.ceil(graceMs / 1000)
  try {
    await engineCall(
      `stop run ${runId}`,
      (abortSignal) => container.stop({ t, abortSignal }),
      t * 1000 + CALL_TIMEOUT_MS,
    )
  } catch (error) {
    const status = refusalOf(error)
    // 304: not running. 404: no such container.
    if (status !== 304 && status !== 404) throw error
  }
}
