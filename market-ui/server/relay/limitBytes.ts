import type { IncomingMessage } from 'node:http'
import { StreamRefused } from './parseSse.ts'

const SILENCE_MS = 45_000 // three heartbeats
const WINDOW_MS = 60_000
const MAX_BYTES_PER_WINDOW = 16 * 1024 * 1024

/** Passes a stream on; throws StreamRefused when it falls silent or sends more than 16 MiB in a minute. */
export async function* limitBytes(stream: IncomingMessage): AsyncGenerator<Buffer> {
  stream.setTimeout(SILENCE_MS, () => stream.destroy(new StreamRefused('The stream fell silent.')))
  let windowStart = Date.now()
  let bytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (Date.now() - windowStart > WINDOW_MS) {
      windowStart = Date.now()
      bytes = 0
    }
    bytes += part.length
    if (bytes > MAX_BYTES_PER_WINDOW) throw new StreamRefused('The stream sends too much.')
    yield part
  }
}
