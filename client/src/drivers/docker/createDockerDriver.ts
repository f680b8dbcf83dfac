import { getgid, getuid } from 'node:process'
import type Docker from 'dockerode'
import { checkRunId } from '../checkRunId.ts'
import type { Driver } from '../driver.ts'
import { followLogs } from './followLogs.ts'
import { inspectContainer, runStateOf } from './inspectContainer.ts'
import { listContainers } from './listContainers.ts'
import { removeContainer } from './removeContainer.ts'
import { startContainer } from './startContainer.ts'
import { stopContainer } from './stopContainer.ts'
import { waitContainer } from './waitContainer.ts'

/** nobody:nogroup on Debian and in most images; owns nothing anywhere. */
const NOBODY = 65_534

export type DockerDriverOptions = {
  docker: Docker
  /** sha256 Id of the image that every run uses; tags can be moved, Ids cannot. */
  imageId: string
  /** Whose runs these are, for example a short hash of the daemon's data directory. */
  scope: string
}

/**
 * Runs jobs in containers. Holds no state of its own: another driver object with the same scope finds
 * every run again. The disk limit holds while somebody waits for the run.
 */
export function createDockerDriver({ docker, imageId, scope }: DockerDriverOptions): Driver {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(scope)) throw new RangeError(`"${scope}" is not a scope name`)
  const engine = { docker, scope }
  const image = { imageId, user: jobUser() }
  return {
    name: 'docker',
    start: async (run) => {
      checkRunId(run.runId)
      await startContainer(engine, image, run)
    },
    inspect: async (runId) => runStateOf(await inspectContainer(engine, runId)),
    wait: (runId, signal) => waitContainer(engine, runId, signal),
    stop: (runId, graceMs) => stopContainer(engine, runId, graceMs),
    remove: (runId) => removeContainer(engine, runId),
    logs: (runId, sinceMs, onLine, signal) => followLogs(engine, runId, sinceMs, onLine, signal),
    list: () => listContainers(engine),
  }
}

/**
 * A daemon that is root gives out/ to nobody and runs the job as nobody. Any other daemon can give nothing
 * away, so the job gets the daemon's own user, the only one that can write a bind mount it owns; the
 * container's mounts, not the user, then keep it from the daemon's files.
 */
function jobUser(): { uid: number; gid: number } {
  const uid = getuid?.() ?? NOBODY
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : { uid, gid: getgid?.() ?? NOBODY }
}
