import type { ContainerInfo } from 'dockerode'
import { LABEL } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { engineCall } from './engineCall.ts'
import { removeRun } from './removeRun.ts'

/**
 * Removes the runs of this scope that are at least minAgeMs old and belong to no open order, and gateways and
 * rooms whose run is gone. Networks and volumes are never made, so none can be left. Resolves with the ids
 * of the runs that it removed; one that cannot be removed now is left to the next sweep.
 */
export async function sweepRuns(
  engine: Engine,
  isOpen: (orderId: string) => boolean,
  minAgeMs: number,
): Promise<string[]> {
  // Read before the containers are: what is started meanwhile then has no part in either list.
  const remains = await listRemains(engine)
  const containers = await ownContainers(engine)
  const bornBeforeSeconds = (Date.now() - minAgeMs) / 1000
  const removed: string[] = []
  for (const { Created, Labels } of containers) {
    const runId = Labels[LABEL.run]
    const isGhost = Created <= bornBeforeSeconds && !isOpen(Labels[LABEL.order] ?? '')
    if (runId === undefined || !isGhost || engine.starting.has(runId)) continue
    if (await succeeds(removeRun(engine, runId))) removed.push(runId)
  }
  const alive = new Set(containers.map(({ Labels }) => Labels[LABEL.run]))
  const gateways = containers.map(({ Labels }) => Labels[LABEL.gatewayOf]).filter((id) => id !== undefined)
  for (const runId of new Set([...remains, ...gateways])) {
    if (!alive.has(runId) && !engine.starting.has(runId)) await succeeds(removeRun(engine, runId))
  }
  return removed
}

/** Runs that have a proxy's folder or a room, except those that are being started: their container comes last. */
async function listRemains(engine: Engine): Promise<string[]> {
  const left = [...((await engine.gateways?.list()) ?? []), ...((await engine.rooms?.list()) ?? [])]
  return left.filter((runId) => !engine.starting.has(runId))
}

function ownContainers(engine: Engine): Promise<ContainerInfo[]> {
  const filters = { label: [`${LABEL.scope}=${engine.scope}`] }
  return engineCall('list the runs', (abortSignal) =>
    engine.docker.listContainers({ all: true, filters, abortSignal }),
  )
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
