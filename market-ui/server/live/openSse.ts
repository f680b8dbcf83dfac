import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpProblem } from '../errors.ts'
import { senderOf } from '../store/senderOf.ts'

const HEARTBEAT_MS = 15_000
const MAX_STREAMS = 512
/** Two to a page: sixteen tabs behind one address. */
const MAX_STREAMS_PER_SENDER = 32
/** A reader that lags by more than this is cut off; it comes back with its last id. */
const MAX_UNSENT_BYTES = 1024 * 1024

export type SseEvent = { readonly id?: string; readonly event?: string; readonly data: unknown }
export type SseStream = { readonly send: (event: SseEvent) => void; readonly close: () => void }

let openStreams = 0
const openOf = new Map<string, number>()

/**
 * Answers with an event stream: a heartbeat every 15 s, ids for resuming. `onClose` runs once when the reader is gone.
 * Throws HttpProblem 503 when too many are open.
 */
export const openSse = (request: FastifyRequest, reply: FastifyReply, onClose: () => void): SseStream => {
  const sender = senderOf(request.ip)
  const ofSender = openOf.get(sender) ?? 0
  if (openStreams >= MAX_STREAMS || ofSender >= MAX_STREAMS_PER_SENDER) throw tooManyStreams()
  openStreams += 1
  openOf.set(sender, ofSender + 1)
  reply.hijack()
  const { raw } = reply
  if (raw.destroyed) return alreadyGone(sender, onClose)
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>), // hijacking skips what sends these
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 2000\n\n')
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
  request.raw.socket.setTimeout(0)
  raw.once('close', () => {
    leave(sender)
    clearInterval(heartbeat)
    onClose()
  })
  return {
    send: (event) => {
      if (raw.writableLength > MAX_UNSENT_BYTES) raw.destroy()
      else if (!raw.destroyed) raw.write(formatSse(event))
    },
    close: () => raw.end(),
  }
}

/** The reader left while its request was looked up: nothing will say so any more. */
const alreadyGone = (sender: string, onClose: () => void): SseStream => {
  leave(sender)
  queueMicrotask(onClose)
  return { send: () => undefined, close: () => undefined }
}

const leave = (sender: string): void => {
  openStreams -= 1
  const left = (openOf.get(sender) ?? 1) - 1
  if (left > 0) openOf.set(sender, left)
  else openOf.delete(sender)
}

/** One event in the text form of the HTML standard, 9.2. The data is JSON and so has no line breaks. */
export const formatSse = ({ id, event, data }: SseEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`

const tooManyStreams = () =>
  new HttpProblem(
    503,
    'Too many open streams',
    'As many streams are open as this server holds, for your address or in all.',
    'Close other tabs or try again later.',
  )
