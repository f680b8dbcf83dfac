import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { buildCanonicalImage } from '../../images/canonicalImage.ts'
import { removeOldImages } from '../../images/removeOldImages.ts'
import { DriverError } from '../driverErrors.ts'
import type { OpenedDriver } from '../openDriver.ts'
import { checkToolkit } from './checkToolkit.ts'
import { createDockerDriver } from './createDockerDriver.ts'
import { detectDocker } from './detectDocker.ts'
import { roomsMissing } from './rooms.ts'

const KEEP_OLD_IMAGES_MS = 7 * 86_400_000

/** The docker driver of a data directory; the canonical trainer's image is made and loaded if the engine lacks it. */
export async function openDocker(options: {
  nodePath: string
  trainerDir: string
  benchmarkDir: string
  dataDir: string
  searchPath: string
}): Promise<OpenedDriver> {
  const { nodePath, trainerDir, benchmarkDir, dataDir } = options
  const detection = await detectDocker()
  if (!detection.found) throw new DriverError(`${detection.reason}.`, detection.suggestion, true)
  const { docker, weaknesses } = detection
  const { imageId } = await buildCanonicalImage({ docker, nodePath, trainerDir, benchmarkDir })
  // Tidying up is no reason not to start; the next start tries again.
  await removeOldImages(docker, imageId, KEEP_OLD_IMAGES_MS).catch(() => undefined)
  const scope = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const missing = await roomsMissing()
  if (missing) weaknesses.push(`a job's output is watched, not held, to its disk limit: ${missing}`)
  const toolkit = await checkToolkit(options.searchPath)
  const stateDir = join(dataDir, 'docker')
  const driver = createDockerDriver({ docker, imageId, scope, stateDir, useRooms: !missing, toolkit })
  return { driver, weaknesses }
}
