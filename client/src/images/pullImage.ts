import { statfs } from 'node:fs/promises'
import type Docker from 'dockerode'
import { engineCall, refusalOf } from '../drivers/docker/engineCall.ts'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'
import { PullMeter, type PullProgress } from './pullMeter.ts'

export type PullLimits = {
  /** Of all layers together, as the registry sends them. */
  downloadBytes: number
  /** Of the image on the disk. */
  unpackedBytes: number
}

export type PullOptions = {
  docker: Docker
  /** repository@sha256:...; a tag would be whatever the registry says that day. */
  reference: string
  limits: PullLimits
  onProgress: (progress: PullProgress) => void
  signal: AbortSignal
}

const REFERENCE = /^[a-z0-9]([a-zA-Z0-9./:_-]{0,254}[a-z0-9])?@sha256:[0-9a-f]{64}$/
/** A registry that says nothing for so long is given up. */
const SILENCE_MS = 300_000
const WATCH_MS = 250
const ARCHITECTURE: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Pulls an image by digest unless the engine has it, and resolves with its Id. Stops as soon as a limit is
 * passed or signal aborts; the engine then drops what it had of it.
 * Errors: ImageNotLoaded, EngineUnreachable.
 */
export async function pullImage(options: PullOptions): Promise<string> {
  const { docker, reference, limits } = options
  if (!REFERENCE.test(reference)) {
    throw new ImageNotLoaded(
      `"${reference.slice(0, 300)}" names no image by digest`,
      'Use repository@sha256:...',
    )
  }
  if (!(await findImage(docker, reference))) await pull(options)
  const image = await findImage(docker, reference)
  if (!image) throw new ImageNotLoaded('the engine does not have it after pulling', 'Try again.')
  const wrong = unsuitable(image, limits)
  if (!wrong) return image.Id
  await engineCall('remove the image', () => docker.getImage(reference).remove())
  throw new ImageNotLoaded(wrong, 'Order with another image, or raise the limit.')
}

async function pull(options: PullOptions): Promise<void> {
  const { docker, reference, limits, onProgress, signal } = options
  const stop = new AbortController()
  const stopFor = (reason: string) =>
    stop.abort(new ImageNotLoaded(reason, 'Order with a smaller image, or try again.'))
  const onAbort = () => stopFor('the pull was stopped')
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const meter = new PullMeter()
  const watch = await watchDisk(docker, limits, stopFor)
  try {
    const abort = { abortSignal: stop.signal }
    const answer = await engineCall('pull the image', () => docker.pull(reference, abort), SILENCE_MS)
    stop.signal.addEventListener('abort', () => (answer as NodeJS.ReadableStream & Closable).destroy())
    stop.signal.throwIfAborted()
    for await (const chunk of answer) {
      watch.heard()
      meter.take(String(chunk))
      if (meter.error) throw new ImageNotLoaded(meter.error, 'Check the registry and the digest.')
      onProgress(meter.progress)
      if (meter.progress.totalBytes <= limits.downloadBytes) continue
      stopFor(`it has more than ${limits.downloadBytes} bytes to download`)
    }
    stop.signal.throwIfAborted()
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    watch.end()
    signal.removeEventListener('abort', onAbort)
    stop.abort()
  }
}

/**
 * Looks at the engine's disk while it pulls, since a few bytes can unpack to any number of them; and at the
 * clock. Others write to that disk too, hence the sum of both limits.
 */
async function watchDisk(docker: Docker, limits: PullLimits, stopFor: (reason: string) => void) {
  let heardAtMs = performance.now()
  const allowedBytes = limits.unpackedBytes + limits.downloadBytes
  const freeAtStart = await freeBytesOf(docker)
  const look = async () => {
    if (performance.now() - heardAtMs > SILENCE_MS) stopFor('the registry went silent')
    const free = await freeBytesOf(docker)
    if (freeAtStart === undefined || free === undefined || freeAtStart - free <= allowedBytes) return
    stopFor(`it takes more than ${limits.unpackedBytes} bytes on the disk`)
  }
  const timer = setInterval(look, WATCH_MS)
  const heard = () => {
    heardAtMs = performance.now()
  }
  return { heard, end: () => clearInterval(timer) }
}

type Closable = { destroy(): void }

function unsuitable(image: Docker.ImageInspectInfo, { unpackedBytes }: PullLimits): string | undefined {
  if (image.Size > unpackedBytes) {
    return `it takes ${image.Size} bytes on the disk where ${unpackedBytes} are allowed`
  }
  const wanted = ARCHITECTURE[process.arch] ?? process.arch
  if (image.Os !== 'linux' || image.Architecture !== wanted) {
    return `it is for ${image.Os}/${image.Architecture}, this machine is linux/${wanted}`
  }
  return undefined
}

async function findImage(docker: Docker, name: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await engineCall('inspect the image', () => docker.getImage(name).inspect())
  } catch (error) {
    if (refusalOf(error) === 404) return undefined
    throw error
  }
}

/** Undefined when the engine's disk cannot be seen from here. */
async function freeBytesOf(docker: Docker): Promise<number | undefined> {
  try {
    const { DockerRootDir } = (await docker.info()) as { DockerRootDir: string }
    const { bavail, bsize } = await statfs(DockerRootDir)
    return bavail * bsize
  } catch {
    return undefined
  }
}
