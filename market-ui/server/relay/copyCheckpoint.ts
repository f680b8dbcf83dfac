import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { HttpProblem } from '../errors.ts'
import { EndpointRefused } from './EndpointRefused.ts'
import { requestEndpoint } from './requestEndpoint.ts'

/** Far above any checkpoint a page can check in memory. */
const MAX_BYTES = 256 * 1024 * 1024
const SILENCE_MS = 20_000
const MAX_AT_ONCE = 8

let underWay = 0

/**
 * Passes on a checkpoint from the seller's machine, for a page to hash: nothing of it is trusted or kept here.
 * Throws HttpProblem 502 or 503.
 */
export const copyCheckpoint = async (asked: {
  readonly endpoint: string
  readonly orderId: number
  readonly step: number
  readonly allowPrivate: boolean
  /** Opens a private order: a grant for the seller, for it to judge. */
  readonly authorization: string | undefined
  readonly signal: AbortSignal
}): Promise<Transform> => {
  if (underWay >= MAX_AT_ONCE) throw busy()
  const { orderId, step, authorization, ...rest } = asked
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
  underWay += 1
  let answer: IncomingMessage
  try {
    answer = await requestEndpoint({ ...rest, path: `/orders/${orderId}/checkpoints/${step}`, headers })
  } catch (error) {
    underWay -= 1
    throw error instanceof EndpointRefused ? refused(error.message) : error
  }
  answer.setTimeout(SILENCE_MS, () => answer.destroy(new Error('the checkpoint stopped coming')))
  const limited = limitTo(MAX_BYTES)
  limited.once('close', () => {
    underWay -= 1
    answer.destroy()
  })
  answer.once('error', (error) => limited.destroy(error))
  return answer.pipe(limited)
}

const limitTo = (maxBytes: number): Transform => {
  let bytes = 0
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      bytes += part.length
      if (bytes > maxBytes) done(new RangeError('the checkpoint is too large'))
      else done(null, part)
    },
  })
}

const refused = (detail: string) =>
  new HttpProblem(
    502,
    "The seller's machine does not show the checkpoint",
    detail,
    'Try again later, or fetch the bundle with the CLI.',
  )

const busy = () =>
  new HttpProblem(503, 'Too many checkpoints', 'Others are being fetched.', 'Try again in a minute.')
