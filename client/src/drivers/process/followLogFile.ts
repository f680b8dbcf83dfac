import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const POLL_MS = 100
const CHUNK_BYTES = 65_536
const lineSchema = z.strictObject({ at: z.number(), stream: z.enum(['stdout', 'stderr']), line: z.string() })
type LogLine = z.infer<typeof lineSchema>

/** Delivers a LogWriter's lines from sinceMs on and follows until the run has ended, or signal aborts. */
export async function followLogFile(
  path: string,
  sinceMs: number,
  isRunning: () => boolean,
  onLine: (line: LogLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const handle = await open(path).catch(() => undefined)
  if (!handle) return
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES)
    let rest = Buffer.alloc(0)
    while (!signal.aborted) {
      // Asked before reading: only what is read after the end is known to be all of it.
      const running = isRunning()
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES)
      if (bytesRead === 0 && !running) return
      if (bytesRead === 0) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
      rest = deliver(Buffer.concat([rest, buffer.subarray(0, bytesRead)]), sinceMs, onLine)
    }
  } finally {
    await handle.close()
  }
}

/** Hands over the complete lines and returns what is left. */
function deliver(
  bytes: Buffer<ArrayBuffer>,
  sinceMs: number,
  onLine: (line: LogLine) => void,
): Buffer<ArrayBuffer> {
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const line = parseEntry(bytes.toString('utf8', start, end))
    if (line && line.at >= sinceMs) onLine(line)
    start = end + 1
  }
  return bytes.subarray(start)
}

/** Undefined for an entry that was written in part, when the disk was full or the daemon killed. */
function parseEntry(text: string): LogLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
