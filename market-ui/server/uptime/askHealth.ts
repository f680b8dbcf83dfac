import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { benchmarkSchema } from '../api/benchmarkSchema.ts'
import { requestEndpoint } from '../relay/requestEndpoint.ts'

const TIMEOUT_MS = 8_000
const MAX_BYTES = 256 * 1024
const MAX_MACHINES = 64
const images = z.array(z.string().max(200)).max(64).optional().catch(undefined)

/** What of a daemon's /health counts; a stranger wrote it. */
const healthSchema = z.object({
  seller: z.string(),
  machines: z.array(z.object({ machineId: z.string(), images, vouchedImages: images })).max(MAX_MACHINES),
  benchmark: benchmarkSchema.nullable().catch(null).default(null),
})

export type EndpointHealth = z.infer<typeof healthSchema>

/** Asks an endpoint how it is. Undefined unless it answers in time, with status 200 and as a daemon does. */
export const askHealth = async (
  endpoint: string,
  allowPrivate: boolean,
  stopping: AbortSignal,
): Promise<EndpointHealth | undefined> => {
  const done = new AbortController()
  const signal = AbortSignal.any([stopping, done.signal])
  const tooLate = delay(TIMEOUT_MS, undefined, { signal }).then(() => done.abort())
  tooLate.catch(() => undefined) // it was in time
  try {
    const answer = await requestEndpoint({ endpoint, path: '/health', headers: {}, allowPrivate, signal })
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of answer as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes > MAX_BYTES) return undefined
      parts.push(part)
    }
    return healthSchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8')))
  } catch {
    return undefined // whatever went wrong: it did not say that it is up
  } finally {
    done.abort()
  }
}
