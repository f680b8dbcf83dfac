import type { RunSpec } from '../driver.ts'
import { RunDidNotStart } from '../driverErrors.ts'
import { prepareJobDirectory } from '../prepareJobDirectory.ts'
import { containerOptions, LABEL } from './containerOptions.ts'
import { containerOf, type Engine } from './engine.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'
import { inspectContainer } from './inspectContainer.ts'
import { removeContainer } from './removeContainer.ts'

/**
 * Creates and starts the container of a run, or leaves the one that is there as it is.
 * Errors: RunDidNotStart with the engine's words (nothing stays behind), EngineUnreachable (unknown: call
 * again), UnsafeJobDirectory.
 */
export async function startContainer(
  engine: Engine,
  image: { imageId: string; user: { uid: number; gid: number } },
  run: RunSpec,
): Promise<void> {
  if (!(await createContainer(engine, image, run))) {
    const info = await inspectContainer(engine, run.runId)
    if (info?.Config.Labels[LABEL.run] !== run.runId || info.Config.Labels[LABEL.order] !== run.orderId) {
      throw new RunDidNotStart(
        run.runId,
        'another container has its name',
        'Remove that container, or use another run id.',
      )
    }
    if (info.State.Status !== 'created') return
  }
  await startCreated(engine, run.runId)
}

/** False when the name is taken, which is how a repeated start is noticed. */
async function createContainer(
  engine: Engine,
  image: { imageId: string; user: { uid: number; gid: number } },
  run: RunSpec,
): Promise<boolean> {
  const mounts = await prepareJobDirectory(run.jobDir, image.user)
  const options = containerOptions({ run, scope: engine.scope, mounts, ...image })
  try {
    await engineCall(`create the container of run ${run.runId}`, (abortSignal) =>
      engine.docker.createContainer({ ...options, abortSignal }),
    )
    return true
  } catch (error) {
    if (refusalOf(error) === 409) return false
    if (refusalOf(error) !== undefined) throw didNotStart(run.runId, error)
    throw error
  }
}

async function startCreated(engine: Engine, runId: string): Promise<void> {
  const container = containerOf(engine, runId)
  try {
    await engineCall(
      `start run ${runId}`,
      (abortSignal) => container.start({ abortSignal }),
      3 * CALL_TIMEOUT_MS,
    )
  } catch (error) {
    const status = refusalOf(error)
    if (status === 304) return
    if (status === undefined) throw error
    // The engine keeps a container whose start failed as "created", with the reason in State.Error.
    const info = await inspectContainer(engine, runId)
    await removeContainer(engine, runId)
    throw didNotStart(runId, error, info?.State.Error)
  }
}

function didNotStart(runId: string, error: unknown, stateError?: string): RunDidNotStart {
  const text = stateError || (error instanceof Error ? error.message : String(error))
  return new RunDidNotStart(
    runId,
    text,
    'Check the limits of this offer and the image, then start the run again.',
  )
}
