import type { RunSpec } from '../driver.ts'
import type { Engine } from './engine.ts'

/**
 * Makes what a run's container needs around it: a room for its output, and its gateway. Resolves with the
 * path that is its output on this machine.
 */
export async function openParts(
  engine: Engine,
  run: RunSpec,
  outDir: string,
  user: { uid: number; gid: number },
): Promise<string> {
  await engine.rooms?.open(run.runId, outDir, run.limits.diskBytes, user)
  if (run.egress?.length) await engine.gateways?.open({ ...run, egress: run.egress })
  return engine.rooms?.pathOf(run.runId) ?? outDir
}

export async function closeParts(engine: Engine, runId: string): Promise<void> {
  await engine.gateways?.close(runId)
  await engine.rooms?.close(runId)
}
