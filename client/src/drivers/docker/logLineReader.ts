import { Writable } from 'node:stream'
import { parseLogFrame } from './parseLogFrame.ts'

export type OnLine = (line: { at: number; stream: 'stdout' | 'stderr'; line: string }) => void

/** Longer lines are cut here: a job must not make the daemon hold what it prints. */
const MAX_LINE_CHARS = 16_384

/** Turns the frames of one stream into lines, and drops those that were delivered before a reconnect. */
export class LogLineReader {
  /** Time of the newest line delivered. */
  lastNs: bigint
  readonly #stream: 'stdout' | 'stderr'
  readonly #onLine: OnLine
  #partial = ''
  #deliveredNs: bigint

  constructor(stream: 'stdout' | 'stderr', sinceNs: bigint, onLine: OnLine) {
    this.#stream = stream
    this.#onLine = onLine
    this.lastNs = sinceNs - 1n
    this.#deliveredNs = this.lastNs
  }

  /** Takes one frame per write, which is how docker-modem's demuxStream hands them over. */
  sink(): Writable {
    this.#partial = ''
    this.#deliveredNs = this.lastNs
    return new Writable({
      decodeStrings: true,
      write: (chunk: Buffer, _encoding, done) => {
        this.#take(chunk.toString('utf8'))
        done()
      },
    })
  }

  #take(payload: string): void {
    const frame = parseLogFrame(payload)
    if (!frame || frame.atNs <= this.#deliveredNs) return
    if (this.#partial.length < MAX_LINE_CHARS) this.#partial += frame.text
    if (!frame.ends) return
    this.lastNs = frame.atNs
    const line = this.#partial.slice(0, MAX_LINE_CHARS)
    this.#partial = ''
    this.#onLine({ at: Number(frame.atNs / 1_000_000n), stream: this.#stream, line })
  }
}
