import { orderEventsApi } from '../url.ts'
import { openGrantedStream } from './openGrantedStream.ts'
import { type Handlers, openStream } from './openStream.ts'
import { plainText } from './plainText.ts'

export type LossPoint = { readonly step: number; readonly loss: number }
export type LogLine = {
  readonly key: string
  readonly text: string
  readonly kind: 'out' | 'err' | 'gap' | 'note'
}
export type FeedState = 'connecting' | 'live' | 'interrupted' | 'refused' | 'ended'

/** What the order's GPUs draw and do, as the machine says; null is what it does not know. */
export type Usage = {
  readonly gpus: number
  readonly watts: number | null
  readonly energyJ: number | null
  readonly utilisation: number | null
  readonly memoryUsedMiB: number | null
}

export type FeedSnapshot = {
  readonly usage: Usage | undefined
  /** What was told since the page began to listen, oldest first. */
  readonly usages: readonly Usage[]
  readonly points: readonly LossPoint[]
  readonly lines: readonly LogLine[]
  readonly state: FeedState
  readonly message: string
}

const MAX_LINES = 1_000
const MAX_USAGES = 600
/** Ten pictures a second are enough to look live, however fast a job reports. */
const FLUSH_MS = 100

/** One order's live feed in the page, outside React: events come faster than it should render. */
export class OrderFeedStore {
  readonly #listeners = new Set<() => void>()
  readonly #orderId: string
  readonly #authorization: string | undefined
  readonly #points = new Map<number, number>()
  #lines: LogLine[] = []
  #usages: Usage[] = []
  #state: FeedState = 'connecting'
  #message = ''
  #count = 0
  #snapshot: FeedSnapshot = {
    points: [],
    lines: [],
    usage: undefined,
    usages: [],
    state: 'connecting',
    message: '',
  }
  #flush: ReturnType<typeof setTimeout> | undefined
  #close: (() => void) | undefined

  /** @param authorization opens a private order */
  constructor(orderId: string, authorization?: string) {
    this.#orderId = orderId
    this.#authorization = authorization
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#close ??= this.#open()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#close?.()
      this.#close = undefined
    }
  }

  readonly snapshot = (): FeedSnapshot => this.#snapshot

  #open(): () => void {
    const url = orderEventsApi(this.#orderId)
    if (this.#authorization === undefined) return openStream(url, this.#handlers())
    return openGrantedStream(url, this.#authorization, {
      ...this.#handlers(),
      onRefused: ({ message }) => this.#enter('refused', message),
    })
  }

  #handlers(): Handlers {
    return {
      onLost: () => this.#enter('interrupted', 'The connection to the market server broke. Trying again.'),
      events: {
        begin: (data) => {
          this.#points.clear()
          for (const [step, loss] of (data as { points: [number, number][] }).points)
            this.#points.set(step, loss)
          this.#lines = []
          this.#usages = []
          this.#later()
        },
        feed: (data) => {
          const { state, message } = data as { state: FeedState; message: string }
          this.#enter(state, message)
        },
        progress: (data) => {
          const { step, loss } = data as LossPoint
          this.#points.set(step, loss)
          this.#later()
        },
        log: (data) => {
          const { line, stream } = data as { line: string; stream: string }
          this.#addLine(line, stream === 'stderr' ? 'err' : 'out')
        },
        usage: (data) => {
          this.#usages.push(data as Usage)
          if (this.#usages.length > MAX_USAGES) this.#usages.shift()
          this.#later()
        },
        state: (data) => {
          const { phase, message } = data as { phase: string; message?: string | null }
          this.#addLine(message ? `${phase}: ${message}` : phase, 'note')
        },
        gap: () => this.#addLine('Some lines are missing here.', 'gap'),
      },
    }
  }

  #addLine(text: string, kind: LogLine['kind']): void {
    this.#count += 1
    this.#lines.push({ key: String(this.#count), text: plainText(text), kind })
    if (this.#lines.length > MAX_LINES) this.#lines.splice(0, this.#lines.length - MAX_LINES)
    this.#later()
  }

  #enter(state: FeedState, message: string): void {
    this.#state = state
    this.#message = message
    this.#later()
  }

  #later(): void {
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined
      const points = [...this.#points].map(([step, loss]) => ({ step, loss })).sort((a, b) => a.step - b.step)
      this.#snapshot = {
        points,
        lines: [...this.#lines],
        usage: this.#usages.at(-1),
        usages: [...this.#usages],
        state: this.#state,
        message: this.#message,
      }
      for (const listener of this.#listeners) listener()
    }, FLUSH_MS)
  }
}
