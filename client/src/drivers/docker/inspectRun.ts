import type { ContainerInspectInfo } from 'dockerode'
import type { RunState } from '../driver.ts'
import { LABEL } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { inspectContainer, runStateOf } from './inspectContainer.ts'

/**
 * The state of a run, after what it needs of this daemon was put back: its proxy after a restart of the
 * daemon, its room after one of the machine. A run whose container is gone loses its room as well.
 */
export async function inspectRun(engine: Engine, runId: string): Promise<RunState> {
  const info = await inspectContainer(engine, runId)
  const state = runStateOf(info)
  if (!info) await engine.rooms?.close(runId)
  else await engine.rooms?.reopen(runId)
  const egress = egressOf(info)
  if (state.kind === 'running' && egress.length > 0) await engine.gateways?.attend(runId, egress)
  return state
}

/** What was allowed when the run was started; only this daemon writes such labels. */
function egressOf(info: ContainerInspectInfo | undefined): string[] {
  return JSON.parse(info?.Config.Labels[LABEL.egress] ?? '[]')
}
