import { setTimeout as delay } from 'node:timers/promises'
import { EndpointRefused } from './EndpointRefused.ts'
import { FeedBuffer, type NumberedEvent } from './FeedBuffer.ts'
import { type FeedEvent, feedEvent } from './feedEvent.ts'
import { limitBytes } from './limitBytes.ts'
import { parseSse } from './parseSse.ts'
import { readProgressFile } from './readProgressFile.ts'
import { requestEndpoint } from './requestEndpoint.ts'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000
const CURVE_ATTEMPTS = 5
const CURVE_RETRY_MS = 2_000

/** How the feed itself is doing, apart from what it says. */
export type FeedStatus = {
  readonly state: 'connecting' | 'live' | 'interrupted' | 'refused' | 'ended'
  readonly message: string
}

export type FeedListener = {
  readonly onEvent: (numbered: NumberedEvent) => void
  readonly onStatus: (status: FeedStatus) => void
}

/** Where an order's feed is, and where the order stands: a job that is not fetched yet is refused like a private one. */
export type FeedTarget = { readonly endpoint: string; readonly phase: 'preparing' | 'running' | 'over' }

type Source = {
  readonly orderId: number
  /** Asked before every connection: a seller may move, and an order may end. */
  readonly target: () => Promise<FeedTarget | undefined>
  readonly allowPrivate: boolean
  /** A reader's own grant for the seller: what comes is for that reader alone. */
  readonly authorization?: string | undefined
}

/** One order's live feed: one connection to the seller, however many read it. */
export class OrderFeed {
  readonly buffer = new FeedBuffer()
  /** Tells a reader that resumes whether its last id is ours: numbers start over with every feed. */
  readonly epoch = Date.now().toString(36)
  readonly #source: Source
  readonly #listeners = new Set<FeedListener>()
  readonly #stopping = new AbortController()
  #status: FeedStatus = { state: 'connecting', message: "Connecting to the seller's machine." }
  #lastUpstreamId = ''
  #curve: 'partial' | 'loading' | 'whole' = 'partial'

  constructor(source: Source) {
    this.#source = source
    void this.#run()
  }

  get status(): FeedStatus {
    return this.#status
  }

  get readers(): number {
    return this.#listeners.size
  }

  get isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  listen(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Once the order is settled: fetches the steps that the live feed left out. A seller need not have them. */
  async completeCurve(): Promise<void> {
    if (this.#curve !== 'partial') return
    this.#curve = 'loading'
    const { orderId, allowPrivate } = this.#source
    const { signal } = this.#stopping
    for (let attempt = 0; attempt < CURVE_ATTEMPTS && !signal.aborted; attempt += 1) {
      try {
        const endpoint = (await this.#source.target())?.endpoint
        if (endpoint === undefined) return
        const headers = this.#credentials()
        for await (const event of readProgressFile({ endpoint, headers, allowPrivate, signal }, orderId))
          this.#tell(event)
        this.#curve = 'whole'
        return
      } catch {
        await delay(CURVE_RETRY_MS, undefined, { signal }).catch(() => undefined) // the seller may see the settlement later
      }
    }
    this.#curve = 'partial'
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    let retryMs = FIRST_RETRY_MS
    while (!signal.aborted) {
      const before = this.buffer.lastSeq
      const goOn = await this.#connectOnce().catch(() => true) // our own database did not answer
      if (!goOn) return
      const isFresh = this.buffer.lastSeq > before || (await this.#phase()) === 'preparing'
      retryMs = isFresh ? FIRST_RETRY_MS : Math.min(retryMs * 2, LONGEST_RETRY_MS)
      await delay(retryMs, undefined, { signal }).catch(() => undefined) // stopped: the loop ends
    }
  }

  async #phase(): Promise<FeedTarget['phase'] | undefined> {
    return (await this.#source.target().catch(() => undefined))?.phase
  }

  /** Reads one connection to its end. Returns whether to connect again. */
  async #connectOnce(): Promise<boolean> {
    const target = await this.#source.target()
    if (target === undefined)
      return this.#end('refused', 'The machine of this order is no longer registered.')
    try {
      await this.#readStream(target.endpoint)
    } catch (error) {
      if (this.isStopped) return false
      const phase = await this.#phase()
      if (error instanceof EndpointRefused && error.isFinal && phase !== 'preparing')
        return this.#end('refused', error.message)
      if (phase === 'over') return this.#end('ended', 'The order is over.')
      const why = whyNot(error)
      this.#enter({ state: 'interrupted', message: `${why} Trying again.` })
      return true
    }
    if ((await this.#phase()) === 'over') return this.#end('ended', 'The order is over.')
    this.#enter({ state: 'interrupted', message: "The seller's machine closed the stream. Trying again." })
    return true
  }

  async #readStream(endpoint: string): Promise<void> {
    const { orderId, allowPrivate } = this.#source
    const resume = this.#lastUpstreamId === '' ? {} : { 'last-event-id': this.#lastUpstreamId }
    const headers = { accept: 'text/event-stream', ...resume, ...this.#credentials() }
    const { signal } = this.#stopping
    const path = `/orders/${orderId}/events`
    const answer = await requestEndpoint({ endpoint, path, headers, allowPrivate, signal })
    if (!(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      answer.destroy()
      throw new EndpointRefused("The seller's machine did not answer with an event stream.", false)
    }
    this.#enter({ state: 'live', message: "Connected to the seller's machine." })
    for await (const upstream of parseSse(limitBytes(answer))) {
      if (upstream.id !== '') this.#lastUpstreamId = upstream.id.slice(0, 200)
      const event = feedEvent(upstream)
      if (event) this.#tell(event)
    }
  }

  #credentials(): Record<string, string> {
    const { authorization } = this.#source
    return authorization === undefined ? {} : { authorization }
  }

  #tell(event: FeedEvent): void {
    const numbered = this.buffer.add(event)
    if (numbered) for (const listener of this.#listeners) listener.onEvent(numbered)
  }

  #end(state: 'refused' | 'ended', message: string): false {
    this.#enter({ state, message })
    return false
  }

  #enter(status: FeedStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener.onStatus(status)
  }
}

/** Why an order that still may begin tells nothing yet: of a job that is not fetched, a machine does not know whether it is private. */
const whyNot = (error: unknown): string => {
  if (!(error instanceof EndpointRefused)) return 'The connection broke.'
  return error.isForParties ? 'The machine tells nothing of it before it has fetched the job.' : error.message
}
