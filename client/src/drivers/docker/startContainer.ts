import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode'
import type { RunSpec } from '../driver.ts'
import { RunDidNotStart } from '../driverErrors.ts'
import { type JobMounts, prepareJobDirectory } from '../prepareJobDirectory.ts'
import type { ToolkitCheck } from './checkToolkit.ts'
import { containerOptions, LABEL } from './containerOptions.ts'
import { containerOf, type Engine } from './engine.ts'
import { CALL_TIMEOUT_MS, engineCall, refusalOf } from './engineCall.ts'
import { readImageTraits } from './imageTraits.ts'
import { inspectContainer } from './inspectContainer.ts'
import { plainRuntime } from './plainRuntime.ts'
import { removeContainer } from './removeContainer.ts'
import { closeParts, openParts } from './runParts.ts'
import { seesRooms } from './seesRooms.ts'

export type RunImage = {
  imageId: string
  user: { uid: number; gid: number }
  toolkit: ToolkitCheck | undefined
}

/**
 * Creates and starts the container of a run, or leaves the one that is there as it is.
 * Errors: RunDidNotStart with the reason (nothing stays behind), EngineUnreachable (unknown: call again),
 * UnsafeJobDirectory, DriverError when there is no room for its output.
 */
export async function startContainer(engine: Engine, image: RunImage, run: RunSpec): Promise<void> {
  // One at a time for a run: each finds what the one before it has made.
  const earlier = engine.starting.get(run.runId) ?? Promise.resolve()
  const start = earlier.catch(() => undefined).then(() => startOnce(engine, image, run))
  engine.starting.set(run.runId, start)
  try {
    await start
  } finally {
    if (engine.starting.get(run.runId) === start) engine.starting.delete(run.runId)
  }
}

async function startOnce(engine: Engine, image: RunImage, run: RunSpec): Promise<void> {
  const info = await inspectContainer(engine, run.runId)
  if (info && !isUnstarted(info, run)) return
  const mounts = await prepareJobDirectory(run.jobDir, image.user)
  if (info) await openParts(engine, run, mounts.output, image.user)
  else await createContainer(engine, image, run, mounts)
  await startCreated(engine, run.runId)
}

/** Errors: RunDidNotStart when the container of that name is not this run. */
function isUnstarted(info: ContainerInspectInfo, run: RunSpec): boolean {
  const { Labels } = info.Config
  if (Labels[LABEL.run] !== run.runId || Labels[LABEL.order] !== run.orderId) {
    const suggestion = 'Remove that container, or use another run id.'
    throw new RunDidNotStart(run.runId, 'another container has its name', suggestion)
  }
  return info.State.Status === 'created'
}

async function createContainer(
  engine: Engine,
  image: RunImage,
  run: RunSpec,
  mounts: JobMounts,
): Promise<void> {
  requireGranted(engine, image, run)
  const imageId = run.image ?? image.imageId
  const { scope } = engine
  const { user } = image
  const traits = await readImageTraits(engine.docker, imageId, run.runId)
  const runtime = await plainRuntime(engine.docker)
  const output = await openParts(engine, run, mounts.output, user)
  const plan = { run, scope, mounts: { ...mounts, output }, imageId, traits, runtime, user }
  if (!(await create(engine, run, containerOptions(plan)))) return
  if (!engine.rooms || (await seesRooms(engine, run.runId))) return
  // A daemon in a mount namespace of its own mounts for itself alone: its runs are watched instead.
  await removeContainer(engine, run.runId)
  await closeParts(engine, run.runId)
  engine.rooms = undefined
  await createContainer(engine, image, run, await prepareJobDirectory(run.jobDir, user))
}

/** False when the name is taken: a start of the same run goes on elsewhere. */
async function create(engine: Engine, run: RunSpec, options: ContainerCreateOptions): Promise<boolean> {
  try {
    await engineCall(`create the container of run ${run.runId}`, (abortSignal) =>
      engine.docker.createContainer({ ...options, abortSignal }),
    )
    return true
  } catch (error) {
    const status = refusalOf(error)
    if (status === 409) return false
    if (status === undefined) throw error
    await closeParts(engine, run.runId)
    throw didNotStart(run.runId, error)
  }
}

/** Errors: RunDidNotStart when the run asks for what this machine does not give. */
function requireGranted(engine: Engine, { toolkit }: RunImage, run: RunSpec): void {
  if (run.gpus?.length && !toolkit?.safe) {
    const reason = toolkit?.reason ?? 'this machine gives jobs no GPUs'
    throw new RunDidNotStart(run.runId, reason, 'Update the toolkit, or take no orders for GPUs.')
  }
  if (run.egress?.length && !engine.gateways) {
    throw new RunDidNotStart(run.runId, 'this daemon gives no job egress', 'Take no orders that need it.')
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
    await closeParts(engine, runId)
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
