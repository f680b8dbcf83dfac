import type Docker from 'dockerode'
import { pullImage } from '../../images/pullImage.ts'
import type { PullProgress } from '../../images/pullMeter.ts'
import type { ImageWanted } from '../driver.ts'
import { ImageNotLoaded } from '../driverErrors.ts'
import { engineCall, refusalOf } from './engineCall.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2
const LIMITS = { downloadBytes: 32 * GIB, unpackedBytes: 64 * GIB }
const TELL_EVERY_MS = 5_000

/** See Driver.fetchImage. An image under another Id than it is known by here is removed again. */
export async function fetchImage(docker: Docker, image: ImageWanted, signal: AbortSignal): Promise<void> {
  const { imageId, source, onProgress } = image
  if (await isThere(docker, imageId)) return
  if (source === undefined) {
    throw new ImageNotLoaded(
      `the engine does not have ${imageId}, and "imageSources" does not say where it is`,
      'Load it (docker load, docker pull), or name its source.',
    )
  }
  onProgress(`Pulling ${source}.`)
  const options = { docker, reference: source, limits: LIMITS, signal }
  const found = await pullImage({ ...options, onProgress: teller(onProgress) })
  if (found === imageId) return onProgress('The image is there.')
  await engineCall('remove the image', () => docker.getImage(source).remove())
  throw new ImageNotLoaded(`${source} is ${found}, not ${imageId}`, 'Correct "imageSources".')
}

function teller(onProgress: (message: string) => void): (progress: PullProgress) => void {
  let toldAtMs = performance.now()
  return ({ layers, doneLayers, downloadedBytes, totalBytes }) => {
    if (performance.now() - toldAtMs < TELL_EVERY_MS) return
    toldAtMs = performance.now()
    const mib = (bytes: number) => Math.round(bytes / MIB)
    onProgress(`${doneLayers} of ${layers} layers, ${mib(downloadedBytes)} of ${mib(totalBytes)} MiB`)
  }
}

async function isThere(docker: Docker, imageId: string): Promise<boolean> {
  try {
    await engineCall('inspect the image', () => docker.getImage(imageId).inspect())
    return true
  } catch (error) {
    if (refusalOf(error) === 404) return false
    throw error
  }
}
