import type { ServerResponse } from 'node:http'
import type { EventLog } from '../events/createEventLog.ts'
import type { OrderEvent } from '../journal/openJournal.ts'

const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for this much is cut off; it resumes with its last id. */
const MAX_UNSENT_BYTES = 1024 * 1024

/**
 * Streams an order's events as server-sent events until the reader goes: what is kept after lastId first
 * (with a `gap` event if something in between is lost), then live.
 * @param once ends after what is kept
 */
export function streamEvents(log: EventLog, lastId: number, response: ServerResponse, once = false): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': '*',
  })
  const write = (text: string) => {
    response.write(text)
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy()
  }
  const send = ({ id, event, data }: OrderEvent) => write(`id: ${id}\nevent: ${event}\ndata: ${data}\n\n`)
  const { events, gap } = log.since(lastId)
  if (gap) write(`event: gap\ndata: ${JSON.stringify({ after: lastId })}\n\n`)
  for (const event of events) send(event)
  if (once) {
    response.end()
    return
  }
  const unsubscribe = log.subscribe(send)
  const heartbeat = setInterval(() => write(': heartbeat\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
  })
}
