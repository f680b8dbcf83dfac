import type { ContainerInspectInfo } from 'dockerode'
import type { RunState } from '../driver.ts'
import { containerOf, type Engine } from './engine.ts'
import { engineCall, refusalOf } from './engineCall.ts'

/** The engine's facts about a run's container, or undefined when it has none (404). */
export async function inspectContainer(
  engine: Engine,
  runId: string,
): Promise<ContainerInspectInfo | undefined> {
  try {
    const container = containerOf(engine, runId)
    return await engineCall(`inspect run ${runId}`, (abortSignal) => container.inspect({ abortSignal }))
  } catch (error) {
    if (refusalOf(error) === 404) return undefined
    throw error
  }
}

/** A container that was created but never started counts as missing: start() takes it over. */
export function runStateOf(info: ContainerInspectInfo | undefined): RunState {
  const state = info?.State
  if (!state || state.Status === 'created' || state.Status === 'removing') return { kind: 'missing' }
  if (state.Status !== 'exited' && state.Status !== 'dead') return { kind: 'running' }
  // The engine says OOMKilled also when only a child was killed and the job itself ended well.
  return { kind: 'exited', exitCode: state.ExitCode, oomKilled: state.OOMKilled && state.ExitCode !== 0 }
}
