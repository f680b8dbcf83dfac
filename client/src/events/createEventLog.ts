import type { Journal, OrderEvent } from '../journal/openJournal.ts'

/** Events kept per order: what a client that was away can still catch up on. */
const KEPT_EVENTS = 2_000
const FLUSH_MS = 250
/** Ids skipped after a restart: more than could have been sent but not yet stored. */
const RESTART_SKIP = 1_000

type Listener = (event: OrderEvent) => void

/** One order's events: numbered, kept for a while, also across restarts. */
export type EventLog = {
  emit(event: string, data: unknown): void
  /** Events after afterId that are kept, and whether some in between are not. */
  since(afterId: number): { events: OrderEvent[]; gap: boolean }
  subscribe(listener: Listener): () => void
  last(event: string): OrderEvent | undefined
  flush(): void
}

/** Opens an order's event log; emitted events reach the journal within a quarter of a second. */
export function createEventLog(journal: Journal, orderId: string): EventLog {
  let loaded: OrderEvent[] | undefined
  let nextId = 1
  // Most orders in a journal are long settled: nothing of theirs is loaded before somebody asks.
  const load = () => {
    if (loaded) return loaded
    loaded = journal.eventsOf(orderId)
    const last = loaded.at(-1)
    if (last) nextId = last.id + RESTART_SKIP
    return loaded
  }
  let unsaved: OrderEvent[] = []
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<Listener>()

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (unsaved.length === 0) return
    const saving = unsaved
    unsaved = []
    journal.saveEvents(orderId, saving, (load()[0]?.id ?? 1) - 1)
  }
  return {
    emit(event, data) {
      const kept = load()
      const entry = { id: nextId++, event, data: JSON.stringify(data) }
      kept.push(entry)
      if (kept.length > KEPT_EVENTS) kept.splice(0, kept.length - KEPT_EVENTS)
      unsaved.push(entry)
      timer ??= setTimeout(flush, FLUSH_MS)
      for (const listener of listeners) listener(entry)
    },
    since(afterId) {
      const events = load().filter(({ id }) => id > afterId)
      // A jump right after afterId means that what was sent in between is lost.
      const first = events[0]?.id ?? nextId
      return { events, gap: afterId > 0 && first > afterId + 1 }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    last: (event) => load().findLast((entry) => entry.event === event),
    flush,
  }
}
