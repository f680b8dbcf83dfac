import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { engineCall } from '../drivers/docker/engineCall.ts'
import { ImageNotLoaded } from '../drivers/driverErrors.ts'

const LOAD_TIMEOUT_MS = 300_000

/** Sends a `docker load` archive. The engine reports failures inside its answer, so every line is read. */
export async function loadArchive(docker: Docker, archive: Readable): Promise<void> {
  const failed = Promise.withResolvers<never>()
  archive.once('error', failed.reject)
  const load = async (abortSignal: AbortSignal) => {
    const answer = await docker.loadImage(archive, { quiet: true, abortSignal })
    let text = ''
    for await (const chunk of answer) {
      text += chunk
      if (text.length > 1_000_000) break
    }
    return text
  }
  const text = await engineCall(
    'load the image',
    (signal) => Promise.race([load(signal), failed.promise]),
    LOAD_TIMEOUT_MS,
  )
  const error = errorIn(text)
  if (error) throw new ImageNotLoaded(error, 'Check the free disk space of the Docker daemon and try again.')
}

/** The first error in the engine's answer, a JSON object per line. */
export function errorIn(answer: string): string | undefined {
  for (const line of answer.split('\n')) {
    if (line.trim() === '') continue
    const message: unknown = JSON.parse(line)
    if (typeof message === 'object' && message !== null && 'error' in message) return String(message.error)
  }
  return undefined
}
