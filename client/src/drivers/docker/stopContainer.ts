import { containerOf, type Engine } from './engine.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'

/**
 * SIGTERM, then SIGKILL after graceMs (rounded up to whole seconds by the engine's API); 0 kills at once.
 * Resolves when the run has ended; fine when it is not running or not there.
 */
export async function stopContainer(engine: Engine, runId: string, graceMs: number): Promise<void> {
  try {
    if (graceMs > 0) await terminate(engine, runId, Math.ceil(graceMs / 1000))
    else await kill(engine, runId)
  } catch (error) {
    const status = refusalOf(error)
    // 304 and 409: not running. 404: no such container.
    if (status !== 304 && status !== 404 && status !== 409) throw error
  }
}

async function terminate(engine: Engine, runId: string, graceSeconds: number): Promise<void> {
  const container = containerOf(engine, runId)
  await engineCall(
    `stop run ${runId}`,
    (abortSignal) => container.stop({ t: graceSeconds, abortSignal }),
    graceSeconds * 1000 + CALL_TIMEOUT_MS,
  )
}

/** The engine's stop with no grace still sends SIGTERM first, which the job may win. */
async function kill(engine: Engine, runId: string): Promise<void> {
  const container = containerOf(engine, runId)
  await engineCall(`kill run ${runId}`, (abortSignal) => container.kill({ signal: 'SIGKILL', abortSignal }))
  await engineCall(`wait for run ${runId}`, (abortSignal) =>
    container.wait({ condition: 'not-running', abortSignal }),
  )
}
