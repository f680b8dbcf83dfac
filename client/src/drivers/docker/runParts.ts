import { stat } from 'node:fs/promises'
import type { RunSpec } from '../driver.ts'
import { OUTPUT_TARGET } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { inspectContainer } from './inspectContainer.ts'

type User = { uid: number; gid: number }

/** Makes what a run's container needs around it: a room for its output, and its gateway. */
export async function openParts(engine: Engine, run: RunSpec, outDir: string, user: User): Promise<void> {
  await engine.rooms?.open(run.runId, outDir, run.limits.diskBytes, user)
  if (run.egress?.length) await engine.gateways?.open({ ...run, egress: run.egress })
}

export async function closeParts(engine: Engine, runId: string): Promise<void> {
  await engine.gateways?.close(runId)
  await engine.rooms?.close(runId)
}

/**
 * Takes a room back that the container does not see: a daemon in a mount namespace of its own (a service with
 * PrivateTmp, for one) mounts it for itself alone. out/ is then watched, as without rooms.
 */
export async function keepRoomIfSeen(engine: Engine, runId: string, outDir: string): Promise<void> {
  if (!engine.rooms) return
  const pid = (await inspectContainer(engine, runId))?.State.Pid
  // A job that has ended already can be asked no more; the next one will be.
  const seen = await stat(`/proc/${pid}/root${OUTPUT_TARGET}`).catch(() => undefined)
  if (seen && seen.dev !== (await stat(outDir)).dev) await engine.rooms.close(runId)
}
