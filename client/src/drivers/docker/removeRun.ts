import type { Engine } from './engine.ts'
import { removeContainer } from './removeContainer.ts'
import { closeParts } from './runParts.ts'

/** Removes all that a run has: its container first, which uses the rest. Fine for what is not there. */
export async function removeRun(engine: Engine, runId: string): Promise<void> {
  await removeContainer(engine, runId)
  await closeParts(engine, runId)
}
