import { closeSync, openSync, writeSync } from 'node:fs'
import type { Readable } from 'node:stream'

const MAX_LINE_CHARS = 16_384
const MAX_FILE_BYTES = 16 * 1024 ** 2

/** Writes what a run prints to a file, a JSON object {at, stream, line} per line, up to 16 MiB. */
export class LogWriter {
  readonly #fd: number
  #bytes = 0
  /** Lines since the disk had no room. */
  #lost = 0
  /** The last entry was written in part. */
  #isTorn = false
  /** The newest standard error, to tell why a run ended. */
  tail = ''

  constructor(path: string) {
    this.#fd = openSync(path, 'a')
  }

  take(source: Readable, stream: 'stdout' | 'stderr'): void {
    let rest = ''
    source.setEncoding('utf8')
    source.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS)
      for (const line of lines) this.#write(stream, line)
    })
    source.on('end', () => {
      if (rest !== '') this.#write(stream, rest)
    })
    source.on('error', () => undefined)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #write(stream: 'stdout' | 'stderr', text: string): void {
    const line = text.slice(0, MAX_LINE_CHARS)
    if (stream === 'stderr') this.tail = `${this.tail}\n${line}`.slice(-4096)
    if (this.#bytes > MAX_FILE_BYTES) return
    if (this.#lost > 0 && this.#append(stream, `The disk was full: ${this.#lost} lines are lost here.`))
      this.#lost = 0
    if (this.#bytes + line.length > MAX_FILE_BYTES) {
      this.#append(stream, 'The log is full: what the job prints from here on is not kept.')
      this.#bytes = MAX_FILE_BYTES + 1
    } else if (!this.#append(stream, line)) this.#lost++
  }

  /** False if there is no room: a job's output must not end the daemon. */
  #append(stream: 'stdout' | 'stderr', line: string): boolean {
    const entry = `${this.#isTorn ? '\n' : ''}${JSON.stringify({ at: Date.now(), stream, line })}\n`
    try {
      const written = writeSync(this.#fd, entry)
      this.#bytes += written
      this.#isTorn = written < Buffer.byteLength(entry)
      return !this.#isTorn
    } catch {
      return false
    }
  }
}
