import { once as onceEmitted } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { EventLog } from '../events/createEventLog.ts'
import type { OrderEvent } from '../journal/openJournal.ts'

const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for this long is cut off; it resumes with its last id. */
const STALLED_MS = 60_000

/**
 * Streams an order's events as server-sent events until the reader goes: what is kept after lastId first
 * (with a `gap` event if something in between is lost), then live. A slow reader is waited for: what it has not
 * taken stays in the log, and is a gap to it once the log has let go of it.
 * @param once ends after what is kept
 */
export function streamEvents(log: EventLog, lastId: number, response: ServerResponse, once = false): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': '*',
  })
  const gone = new AbortController()
  let sentId = lastId
  let isCatchingUp = false

  const catchUp = async () => {
    isCatchingUp = true
    if (response.writableNeedDrain) await drained(response, gone.signal)
    for (let found = log.since(sentId); found.events.length > 0; found = log.since(sentId)) {
      if (found.gap) response.write(`event: gap\ndata: ${JSON.stringify({ after: sentId })}\n\n`)
      for (const event of found.events) {
        sentId = event.id
        if (!response.write(textOf(event))) await drained(response, gone.signal)
      }
    }
    isCatchingUp = false
    if (once) response.end()
  }
  const start = () => void catchUp().catch(() => response.destroy())
  const unsubscribe = log.subscribe((event) => {
    if (isCatchingUp || response.destroyed) return // it is in the log
    sentId = event.id
    if (!response.write(textOf(event))) start()
  })
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': heartbeat\n\n')
  }, HEARTBEAT_MS)
  response.on('close', () => {
    gone.abort()
    clearInterval(heartbeat)
    unsubscribe()
  })
  start()
}

/** Resolves once the reader has taken what is buffered; rejects if it goes, or takes nothing for too long. */
async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(STALLED_MS)])
  await onceEmitted(response, 'drain', { signal })
}

function textOf({ id, event, data }: OrderEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`
}
