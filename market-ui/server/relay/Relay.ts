import type { ChainRows } from '../db/ChainRows.ts'
import type { Hub } from '../live/Hub.ts'
import { type FeedTarget, OrderFeed } from './OrderFeed.ts'

const MAX_FEEDS = 64
/** A feed without readers lives on for a while, so that a reload finds its curve. */
const IDLE_MS = 60_000

/** Keeps one feed per order that trains or that somebody reads. */
export class Relay {
  readonly #rows: ChainRows
  readonly allowPrivate: boolean
  readonly #feeds = new Map<number, OrderFeed>()
  readonly #idle = new Map<number, NodeJS.Timeout>()

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
    if (this.#target(orderId)?.phase === 'over') void feed.completeCurve()
    return feed
  }

  /** Follows every order from its start, so that who comes late gets the whole curve. Returns what ends it. */
  followOrders(hub: Hub): () => void {
    return hub.listen(({ change }) => {
      if (change.topic !== 'order') return
      const orderId = Number(change.id)
      const watched = this.#feeds.get(orderId)
      if (watched !== undefined && this.#target(orderId)?.phase === 'over') void watched.completeCurve()
      if (watched === undefined && this.#rows.order(orderId)?.order.status === 'Training') this.open(orderId)
    })
  }

  /** Call when a reader has left. */
  release(orderId: number): void {
    const feed = this.#feeds.get(orderId)
    if (feed === undefined || feed.readers > 0) return
    clearTimeout(this.#idle.get(orderId))
    this.#idle.set(orderId, setTimeout(() => this.#dropIfOver(orderId), IDLE_MS).unref())
  }

  #dropIfOver(orderId: number): void {
    if (this.#target(orderId)?.phase === 'running') this.release(orderId)
    else this.#drop(orderId)
  }

  /** Where the machine of an order answers; undefined if there is no such order or machine. */
  endpointOf(orderId: number): string | undefined {
    return this.#target(orderId)?.endpoint
  }

  stop(): void {
    for (const orderId of [...this.#feeds.keys()]) this.#drop(orderId)
  }

  #target(orderId: number): FeedTarget | undefined {
    const facts = this.#rows.order(orderId)
    if (facts === undefined) return undefined
    const machine = this.#rows.machine(Number(facts.order.machineId))
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
