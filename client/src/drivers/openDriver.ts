import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildCanonicalImage } from '../images/canonicalImage.ts'
import { removeOldImages } from '../images/removeOldImages.ts'
import { checkToolkit } from './docker/checkToolkit.ts'
import { createDockerDriver } from './docker/createDockerDriver.ts'
import { detectDocker } from './docker/detectDocker.ts'
import { roomsMissing } from './docker/rooms.ts'
import type { Driver } from './driver.ts'
import { DriverError } from './driverErrors.ts'
import { createProcessDriver } from './process/createProcessDriver.ts'

export type OpenedDriver = {
  driver: Driver
  /** What this driver does not keep a job from on this machine, in sentences for the log and doctor. */
  weaknesses: string[]
}

const KEEP_OLD_IMAGES_MS = 7 * 86_400_000
const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/nvidia/toolkit'

/**
 * The driver that a daemon runs the canonical trainer with, ready to start runs: for docker the image is
 * made and loaded if the engine lacks it. Runs belong to dataDir: a daemon with the same one finds them.
 * Errors: DriverError with one sentence on why this driver cannot be used here.
 */
export async function openDriver(options: {
  name: Driver['name']
  dataDir: string
  /** Where the container toolkit may be, as in PATH. */
  searchPath?: string
}): Promise<OpenedDriver> {
  const nodePath = process.execPath
  const trainerDir = dirname(fileURLToPath(import.meta.resolve('@trainyard/verifier/canonical/main.ts')))
  const dataDir = resolve(options.dataDir)
  if (options.name === 'process') {
    const driver = createProcessDriver({ nodePath, trainerDir, stateDir: join(dataDir, 'runs') })
    return { driver, weaknesses: driver.leftOut }
  }
  const detection = await detectDocker()
  if (!detection.found) throw new DriverError(`${detection.reason}.`, detection.suggestion, true)
  const { docker, weaknesses } = detection
  const { imageId } = await buildCanonicalImage({ docker, nodePath, trainerDir })
  // Tidying up is no reason not to start; the next start tries again.
  await removeOldImages(docker, imageId, KEEP_OLD_IMAGES_MS).catch(() => undefined)
  const scope = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const missing = await roomsMissing()
  if (missing) weaknesses.push(`a job's output is watched, not held, to its disk limit: ${missing}`)
  const toolkit = await checkToolkit(options.searchPath ?? SYSTEM_PATH)
  const stateDir = join(dataDir, 'docker')
  const driver = createDockerDriver({ docker, imageId, scope, stateDir, useRooms: !missing, toolkit })
  return { driver, weaknesses }
}
