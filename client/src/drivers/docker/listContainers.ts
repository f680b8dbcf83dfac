import { LABEL } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { engineCall } from './engineCall.ts'

/** Ids of the runs that have a container in this scope, whatever its state. */
export async function listContainers(engine: Engine): Promise<string[]> {
  const filters = { label: [`${LABEL.scope}=${engine.scope}`] }
  const found = await engineCall('list the runs', (abortSignal) =>
    engine.docker.listContainers({ all: true, filters, abortSignal }),
  )
  return found.map((info) => info.Labels[LABEL.run]).filter((runId) => runId !== undefined)
}
