import type { Journal, OrderEvent } from '../journal/openJournal.ts'

/** Log lines, and other events, kept per order: what a client that was away can still catch up on. */
const KEPT = { log: 4_000, other: 2_000 }
const FLUSH_MS = 250
/** Ids skipped after a crash: more than could have been sent but not yet stored. */
const CRASH_SKIP = 1_000

type Listener = (event: OrderEvent) => void

/** One order's events: numbered, kept for a while, also across restarts. */
export type EventLog = {
  emit(event: string, data: unknown): void
  /** Events after afterId that are kept, and whether some in between are not. */
  since(afterId: number): { events: OrderEvent[]; gap: boolean }
  subscribe(listener: Listener): () => void
  last(event: string): OrderEvent | undefined
  /** Stores what is not yet; throws if it cannot be. */
  flush(): void
  /** Flushes, notes that nothing was told that is not stored, and frees the memory; what comes next loads it again. */
  close(): void
}

/**
 * Opens an order's event log; emitted events reach the journal within a quarter of a second, or as soon as there is
 * room on its disk. Log lines are kept longer than the rest, so that a chatty job does not lose why it failed.
 */
export function createEventLog(journal: Journal, orderId: string): EventLog {
  const store = createStore(journal, orderId)
  let loaded: ReturnType<typeof createKept> | undefined
  let nextId = 1
  // Most orders in a journal are long settled: nothing of theirs is loaded before somebody asks.
  const load = () => {
    if (loaded) return loaded
    const found = store.load()
    nextId = found.nextId
    loaded = createKept(found.events)
    return loaded
  }
  const listeners = new Set<Listener>()
  return {
    emit(event, data) {
      const kept = load()
      const entry = { id: nextId++, event, data: JSON.stringify(data) }
      store.add(entry, kept.add(entry))
      for (const listener of listeners) listener(entry)
    },
    since(afterId) {
      const events = load().events.filter(({ id }) => id > afterId)
      // Ids have no holes but where something is lost.
      const newest = events.at(-1)?.id ?? nextId - 1
      return { events, gap: afterId > 0 && newest - afterId !== events.length }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    last: (event) => load().events.findLast((entry) => entry.event === event),
    flush: store.flush,
    close() {
      store.flush()
      if (loaded) journal.saveFact(cleanFact(orderId), nextId)
      loaded = undefined
    },
  }
}

const kindOf = ({ event }: OrderEvent) => (event === 'log' ? 'log' : 'other')

/** Events in order, of each kind only the newest. */
function createKept(events: OrderEvent[]) {
  const counts = { log: 0, other: 0 }
  for (const event of events) counts[kindOf(event)]++
  return {
    events,
    /** Returns the id of the event that had to make room. */
    add(entry: OrderEvent): number | undefined {
      const kind = kindOf(entry)
      events.push(entry)
      if (++counts[kind] <= KEPT[kind]) return undefined
      counts[kind]--
      const oldest = events.findIndex((other) => kindOf(other) === kind)
      return events.splice(oldest, 1)[0]?.id
    },
  }
}

const cleanFact = (orderId: string) => `eventsClosedAt:${orderId}`

function createStore(journal: Journal, orderId: string) {
  let unsaved: OrderEvent[] = []
  let dropped: number[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (unsaved.length === 0) return
    journal.saveEvents(orderId, unsaved, dropped)
    unsaved = []
    dropped = []
  }
  const flushLater = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      try {
        flush()
      } catch {
        flushLater() // a full disk: readers were told, and there may be room later
      }
    }, FLUSH_MS)
  }
  return {
    flush,
    load() {
      const events = journal.eventsOf(orderId)
      const last = events.at(-1)
      const closedAt = journal.fact<number>(cleanFact(orderId)) ?? 0
      if (closedAt > 0) journal.saveFact(cleanFact(orderId), 0) // from now on a crash may lose some
      return { events, nextId: closedAt || (last ? last.id + CRASH_SKIP : 1) }
    },
    add(entry: OrderEvent, droppedId: number | undefined) {
      unsaved.push(entry)
      if (unsaved.length > KEPT.log + KEPT.other) unsaved.shift()
      if (droppedId !== undefined) dropped.push(droppedId)
      flushLater()
    },
  }
}
