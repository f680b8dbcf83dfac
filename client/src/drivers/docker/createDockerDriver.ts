import { join } from 'node:path'
import { getgid, getuid } from 'node:process'
import type Docker from 'dockerode'
import { checkRunId } from '../checkRunId.ts'
import type { Driver } from '../driver.ts'
import type { ToolkitCheck } from './checkToolkit.ts'
import type { Engine } from './engine.ts'
import { fetchImage } from './fetchImage.ts'
import { followLogs } from './followLogs.ts'
import { createGateways } from './gateways.ts'
import { inspectRun } from './inspectRun.ts'
import { listContainers } from './listContainers.ts'
import { removeRun } from './removeRun.ts'
import { createRooms } from './rooms.ts'
import { startContainer } from './startContainer.ts'
import { stopContainer } from './stopContainer.ts'
import { sweepRuns } from './sweepRuns.ts'
import { waitContainer } from './waitContainer.ts'

/** nobody:nogroup on Debian and in most images; owns nothing anywhere. */
const NOBODY = 65_534

export type DockerDriverOptions = {
  docker: Docker
  /** sha256 Id of the image that a run uses unless it names one; tags can be moved, Ids cannot. */
  imageId: string
  /** Whose runs these are, for example a short hash of the daemon's data directory. */
  scope: string
  /** Where sockets of proxies and images of output rooms are kept; without it no run may have egress. */
  stateDir?: string
  /** Gives each run's out/ a file system of its own in stateDir; needs what roomsMissing asks for. */
  useRooms?: boolean
  /** Whether jobs may be given GPUs; without it they may not. */
  toolkit?: ToolkitCheck
}

/**
 * Runs jobs in containers. Another driver object with the same scope and stateDir finds every run again.
 * Without rooms the disk limit holds while somebody waits for the run.
 */
export function createDockerDriver(options: DockerDriverOptions): Driver {
  const { docker, imageId, scope, stateDir, toolkit } = options
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(scope)) throw new RangeError(`"${scope}" is not a scope name`)
  const user = jobUser()
  const folder = stateDir && join(stateDir, 'egress')
  const engine: Engine = {
    docker,
    scope,
    rooms: stateDir && options.useRooms ? createRooms(join(stateDir, 'rooms'), scope) : undefined,
    gateways: folder ? createGateways({ docker, scope, imageId, user, folder }) : undefined,
    starting: new Map(),
  }
  return {
    name: 'docker',
    ...(toolkit?.safe ? {} : { gpuRefusal: toolkit?.reason ?? 'nothing is known of a container toolkit' }),
    fetchImage: (image, signal) => fetchImage(docker, image, signal),
    start: async (run) => {
      checkRunId(run.runId)
      await startContainer(engine, { imageId, user, toolkit }, run)
    },
    inspect: (runId) => inspectRun(engine, runId),
    wait: async (runId, signal) => {
      await inspectRun(engine, runId).catch(() => undefined)
      return waitContainer(engine, runId, signal)
    },
    stop: (runId, graceMs) => stopContainer(engine, runId, graceMs),
    remove: (runId) => removeRun(engine, runId),
    logs: (runId, sinceMs, onLine, signal) => followLogs(engine, runId, sinceMs, onLine, signal),
    list: () => listContainers(engine),
    sweep: (isOpen, minAgeMs) => sweepRuns(engine, isOpen, minAgeMs),
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
