import type { FeedEvent } from './feedEvent.ts'

export type NumberedEvent = { readonly seq: number; readonly event: FeedEvent }

const MAX_POINTS = 20_000
const MAX_LINES = 1_000
/** Of all kept lines together: long ones push others out sooner. */
const MAX_LINE_CHARS = 512 * 1024
const MAX_STATES = 100

/** What a late reader of a feed is told: the loss curve, the last 1,000 log lines, the last states. */
export class FeedBuffer {
  readonly #points = new Map<number, NumberedEvent>()
  readonly #lines: NumberedEvent[] = []
  readonly #states: NumberedEvent[] = []
  /** Only the newest says anything. */
  #usage: NumberedEvent | undefined
  #lineChars = 0
  #seq = 0
  #firstKept = 1

  get lastSeq(): number {
    return this.#seq
  }

  /** Adds an event; undefined if it says nothing new. A curve keeps one point a step: a resumed run repeats some. */
  add(event: FeedEvent): NumberedEvent | undefined {
    if (event.kind === 'progress') {
      const { step, loss } = event.data
      const known = this.#points.get(step)?.event
      if (known?.kind === 'progress' && known.data.loss === loss) return undefined
    }
    this.#seq += 1
    const numbered = { seq: this.#seq, event }
    if (event.kind === 'progress') this.#addPoint(event.data.step, numbered)
    else if (event.kind === 'log') this.#addLine(event.data.line.length, numbered)
    else if (event.kind === 'usage') this.#usage = numbered
    else this.#push(this.#states, numbered, MAX_STATES)
    return numbered
  }

  /** Everything kept with a number above `seq`, in order; undefined if some of it is gone. */
  since(seq: number): readonly NumberedEvent[] | undefined {
    if (!Number.isInteger(seq) || seq > this.#seq || seq < this.#firstKept - 1) return undefined
    return this.all().filter((numbered) => numbered.seq > seq)
  }

  all(): NumberedEvent[] {
    const kept = [...this.#points.values(), ...this.#lines, ...this.#states]
    return [...kept, ...(this.#usage ? [this.#usage] : [])].sort((a, b) => a.seq - b.seq)
  }

  /** Past the limit every second point goes: a curve of 10,000 points still looks the same. */
  #addPoint(step: number, numbered: NumberedEvent): void {
    this.#points.delete(step)
    this.#points.set(step, numbered)
    if (this.#points.size <= MAX_POINTS) return
    let isOdd = false
    for (const [oldStep, old] of this.#points) {
      isOdd = !isOdd
      if (isOdd) this.#forget(old)
      if (isOdd) this.#points.delete(oldStep)
    }
  }

  #addLine(chars: number, numbered: NumberedEvent): void {
    this.#lineChars += chars
    this.#lines.push(numbered)
    while (this.#lines.length > MAX_LINES || this.#lineChars > MAX_LINE_CHARS) {
      const oldest = this.#lines.shift()!
      if (oldest.event.kind === 'log') this.#lineChars -= oldest.event.data.line.length
      this.#forget(oldest)
    }
  }

  #push(list: NumberedEvent[], numbered: NumberedEvent, limit: number): void {
    list.push(numbered)
    if (list.length > limit) this.#forget(list.shift()!)
  }

  #forget({ seq }: NumberedEvent): void {
    this.#firstKept = Math.max(this.#firstKept, seq + 1)
  }
}
