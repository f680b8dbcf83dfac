import type { ChainRows } from '../db/ChainRows.ts'
import type { Hub } from '../live/Hub.ts'
import { type FeedTarget, OrderFeed } from './OrderFeed.ts'

const MAX_FEEDS = 64
/** Feeds that readers opened with grants of their own: nobody else reads them, and they end with their reader. */
const MAX_GRANTED = 64
const MAX_GRANTED_PER_ACCOUNT = 4
/** A feed without readers lives on for a while, so that a reload finds its curve. */
const IDLE_MS = 60_000

/** Keeps one feed per order that trains or that somebody reads. */
export class Relay {
  readonly #rows: ChainRows
  readonly allowPrivate: boolean
  readonly #feeds = new Map<number, OrderFeed>()
  readonly #idle = new Map<number, NodeJS.Timeout>()
  readonly #granted = new Map<OrderFeed, string>()
  #isStopped = false

  constructor(rows: ChainRows, allowPrivate: boolean) {
    this.#rows = rows
    this.allowPrivate = allowPrivate
  }

  /** The feed of an order, started if need be; undefined when too many are being read. */
  open(orderId: number): OrderFeed | undefined {
    const running = this.#feeds.get(orderId)
    if (running) {
      clearTimeout(this.#idle.get(orderId))
      return running
    }
    if (this.#feeds.size >= MAX_FEEDS && !this.#dropIdle()) return undefined
    const feed = new OrderFeed({
      orderId,
      allowPrivate: this.allowPrivate,
      target: () => this.#target(orderId),
    })
    this.#feeds.set(orderId, feed)
    void this.#completeIfOver(orderId, feed)
    return feed
  }

  /** A feed for one reader, opened with its grant; undefined when too many are. Stop it when the reader has left. */
  openGranted(orderId: number, account: string, authorization: string): OrderFeed | undefined {
    for (const feed of this.#granted.keys()) if (feed.isStopped) this.#granted.delete(feed)
    const own = [...this.#granted.values()].filter((one) => one === account).length
    if (this.#granted.size >= MAX_GRANTED || own >= MAX_GRANTED_PER_ACCOUNT) return undefined
    const feed = new OrderFeed({
      orderId,
      authorization,
      allowPrivate: this.allowPrivate,
      target: () => this.#target(orderId),
    })
    this.#granted.set(feed, account)
    void this.#completeIfOver(orderId, feed)
    return feed
  }

  /** Follows every order from its start, so that who comes late gets the whole curve. Returns what ends it. */
  followOrders(hub: Hub): () => void {
    return hub.listen(({ change }) => {
      if (change.topic !== 'order') return
      const orderId = Number(change.id)
      const watched = this.#feeds.get(orderId)
      if (watched === undefined) void this.#openIfTraining(orderId)
      else void this.#completeIfOver(orderId, watched)
    })
  }

  async #openIfTraining(orderId: number): Promise<void> {
    const facts = await this.#rows.order(orderId).catch(() => undefined) // its next change asks again
    if (facts?.order.status === 'Training' && !this.#isStopped) this.open(orderId)
  }

  async #completeIfOver(orderId: number, feed: OrderFeed): Promise<void> {
    const target = await this.#target(orderId).catch(() => undefined)
    if (target?.phase === 'over') await feed.completeCurve()
  }

  /** Call when a reader has left. */
  release(orderId: number): void {
    const feed = this.#feeds.get(orderId)
    if (feed === undefined || feed.readers > 0) return
    clearTimeout(this.#idle.get(orderId))
    this.#idle.set(orderId, setTimeout(() => void this.#dropIfOver(orderId), IDLE_MS).unref())
  }

  async #dropIfOver(orderId: number): Promise<void> {
    const target = await this.#target(orderId).catch(() => undefined)
    if ((this.#feeds.get(orderId)?.readers ?? 0) > 0) return // somebody came meanwhile
    if (target?.phase === 'running') this.release(orderId)
    else this.#drop(orderId)
  }

  /** Where the machine of an order answers; undefined if there is no such order or machine. */
  async endpointOf(orderId: number): Promise<string | undefined> {
    return (await this.#target(orderId))?.endpoint
  }

  stop(): void {
    this.#isStopped = true
    for (const orderId of [...this.#feeds.keys()]) this.#drop(orderId)
    for (const feed of this.#granted.keys()) feed.stop()
  }

  async #target(orderId: number): Promise<FeedTarget | undefined> {
    const facts = await this.#rows.order(orderId)
    if (facts === undefined) return undefined
    const machine = await this.#rows.machine(Number(facts.order.machineId))
    if (machine === undefined) return undefined
    const { status, settledAt } = facts.order
    const phase = settledAt > 0 ? 'over' : status === 'Preparing' ? 'preparing' : 'running'
    return { endpoint: machine.machine.endpoint, phase }
  }

  #dropIdle(): boolean {
    for (const [orderId, feed] of this.#feeds) {
      if (feed.readers > 0) continue
      this.#drop(orderId)
      return true
    }
    return false
  }

  #drop(orderId: number): void {
    clearTimeout(this.#idle.get(orderId))
    this.#idle.delete(orderId)
    this.#feeds.get(orderId)?.stop()
    this.#feeds.delete(orderId)
  }
}
