import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerInspectInfo } from 'dockerode'
import type { RunState } from '../driver.ts'
import { EngineUnreachable } from '../driverErrors.ts'
import { measureDirectory } from '../measureDirectory.ts'
import { LABEL, OUTPUT_TARGET } from './containerOptions.ts'
import { containerOf, type Engine } from './engine.ts'
import { inspectContainer, runStateOf } from './inspectContainer.ts'
import { measureDeleted } from './measureDeleted.ts'
import { isFull } from './rooms.ts'
import { stopContainer } from './stopContainer.ts'

/** How often the state is asked for and out/ is measured. */
const POLL_MS = 500

/**
 * Resolves once the run is not running, or with its current state when signal aborts. Meanwhile it holds
 * the disk limit where there are no rooms: a run whose out/ outgrows it is killed. The engine's own wait never answers when the
 * engine restarts meanwhile, so inspecting decides and the wait only saves time. An engine that does not
 * answer means "unknown" and is asked again.
 */
export async function waitContainer(engine: Engine, runId: string, signal: AbortSignal): Promise<RunState> {
  const ended = new AbortController()
  const seen = { overDisk: false }
  let settled = false
  const exited = containerOf(engine, runId)
    .wait({ condition: 'not-running', abortSignal: ended.signal })
    .catch(() => undefined)
    .finally(() => {
      settled = true
    })
  try {
    while (!signal.aborted) {
      const state = await settle(engine, runId, seen)
      if (state.kind !== 'running') return state
      const timer = sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
      await (settled ? timer : Promise.race([exited, timer]))
    }
    return runStateOf(await inspectContainer(engine, runId))
  } finally {
    ended.abort()
  }
}

/**
 * The run's state now. One found over its disk limit is killed, and told so when it has exited: what it
 * had deleted but held open is gone by then.
 */
async function settle(engine: Engine, runId: string, seen: { overDisk: boolean }): Promise<RunState> {
  try {
    const info = await inspectContainer(engine, runId)
    const state = runStateOf(info)
    if (info === undefined || state.kind === 'missing') return state
    seen.overDisk ||= await isOverDisk(engine, runId, info)
    if (!seen.overDisk) return state
    if (state.kind === 'exited') return { ...state, overDisk: true }
    await stopContainer(engine, runId, 0)
    return { kind: 'running' }
  } catch (error) {
    if (error instanceof EngineUnreachable) return { kind: 'running' }
    throw error
  }
}

async function isOverDisk(engine: Engine, runId: string, info: ContainerInspectInfo): Promise<boolean> {
  const limitBytes = Number(info.Config.Labels[LABEL.disk])
  const output = info.Mounts.find((mount) => mount.Destination === OUTPUT_TARGET)?.Source
  if (!output || !Number.isFinite(limitBytes)) return false
  if (await engine.rooms?.has(runId)) return isOutOfRoom(info, output)
  const visibleBytes = await measureDirectory(output, limitBytes)
  return visibleBytes > limitBytes || visibleBytes + (await measureDeleted(info.State.Pid)) > limitBytes
}

/** A room cannot be outgrown. A job that failed in a full one most likely failed for that reason. */
async function isOutOfRoom({ State }: ContainerInspectInfo, output: string): Promise<boolean> {
  return !State.Running && State.ExitCode !== 0 && isFull(output)
}
