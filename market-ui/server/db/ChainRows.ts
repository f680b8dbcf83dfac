import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { DisputeFacts, MachineFacts, OrderFacts, Parameters } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import * as disputeTable from './disputeTable.ts'
import { toStoredJson } from './stored.ts'

export type BlockRef = { readonly number: number; readonly hash: string; readonly at: number }
/** Which chain the rows are of: another first block or another Market means starting over. */
export type ChainId = { readonly chainId: number; readonly genesisHash: string; readonly market: string }
/** Orders, machines and disputes whose facts must be read again. */
export type Touched = {
  readonly orders: readonly number[]
  readonly machines: readonly number[]
  readonly disputes: readonly number[]
}

/** One step of following: what a range of blocks brought, written together or not at all. */
export type Advance = {
  readonly to: BlockRef
  readonly blocks: readonly BlockRef[]
  readonly events: readonly StoredEvent[]
  readonly orders: ReadonlyMap<number, OrderFacts | undefined>
  readonly machines: ReadonlyMap<number, MachineFacts | undefined>
  readonly disputes: ReadonlyMap<number, DisputeFacts | undefined>
}

/** Which orders: `account` is their buyer or payer. */
export type OrderFilter = {
  readonly account?: string | undefined
  readonly seller?: string | undefined
  readonly machineId?: string | undefined
}

/** Blocks without events that are kept to find where a reorganised chain parts from ours. */
const BLOCKS_KEPT = 1024

/** What is known of the chain. Events are keyed by block, so that a rollback is one delete. */
export class ChainRows {
  readonly #db: DatabaseSync
  #revision = 0

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  chain(): ChainId | undefined {
    return this.#meta('chain') as ChainId | undefined
  }

  /** The last block followed. */
  cursor(): BlockRef | undefined {
    return this.#meta('cursor') as BlockRef | undefined
  }

  /** The deployment's parameters, once read. */
  parameters(): Parameters | undefined {
    return this.#meta('parameters') as Parameters | undefined
  }

  setParameters(parameters: Parameters): void {
    this.#setMeta('parameters', parameters)
  }

  /** Forgets everything and starts on another chain. */
  reset(chain: ChainId): void {
    this.#together(() => {
      for (const table of ['meta', 'blocks', 'events', 'machines', 'orders', 'disputes'])
        this.#db.exec(`DELETE FROM ${table}`)
      this.#setMeta('chain', chain)
    })
  }

  /** Ids whose facts are due, kept here so that a crash between two steps forgets none. */
  pending(): Touched {
    return (this.#meta('pending') as Touched | undefined) ?? { orders: [], machines: [], disputes: [] }
  }

  /** Writes what a range brought. Returns the orders and machines of which anything is not what it was. */
  apply(advance: Advance): Pick<Touched, 'orders' | 'machines'> {
    const changed = { orders: [] as number[], machines: [] as number[] }
    this.#together(() => {
      for (const block of [...advance.blocks, advance.to]) this.#putBlock(block)
      for (const event of advance.events) this.#putEvent(event)
      const spokenOf = new Set(advance.events.map((event) => event.orderId))
      for (const [id, facts] of advance.disputes)
        for (const orderId of disputeTable.put(this.#db, id, facts)) spokenOf.add(orderId)
      for (const [id, facts] of advance.orders)
        if (this.#putOrder(id, facts) || spokenOf.has(id)) changed.orders.push(id)
      for (const [id, facts] of advance.machines) if (this.#putMachine(id, facts)) changed.machines.push(id)
      this.#setPending(advance.events, advance)
      this.#setMeta('cursor', advance.to)
      this.#prune(advance.to.number)
    })
    return changed
  }

  /** Drops all rows after a block; what they spoke of becomes pending. */
  rollbackTo(ancestor: BlockRef | undefined): void {
    const last = ancestor?.number ?? -1
    this.#together(() => {
      this.#setPending(this.#events('blockNumber > ?', last), {
        orders: new Map(),
        machines: new Map(),
        disputes: new Map(),
      })
      this.#db.prepare('DELETE FROM events WHERE blockNumber > ?').run(last)
      this.#db.prepare('DELETE FROM blocks WHERE number > ?').run(last)
      if (ancestor) this.#setMeta('cursor', ancestor)
      else this.#db.prepare("DELETE FROM meta WHERE key = 'cursor'").run()
    })
  }

  /** Kept blocks up to a number, newest first. */
  *blocksDownFrom(number: number): Generator<BlockRef> {
    let below = number + 1
    for (;;) {
      const row = this.#db
        .prepare('SELECT * FROM blocks WHERE number < ? ORDER BY number DESC LIMIT 1')
        .get(below)
      if (row === undefined) return
      const block = row as unknown as BlockRef
      yield block
      below = block.number
    }
  }

  /** Grows with every change of what is followed. */
  get revision(): number {
    return this.#revision
  }

  /** Numbers of the orders that match, newest first. */
  orderIds(wanted: OrderFilter = {}): number[] {
    const { account, seller, machineId } = wanted
    const conditions: string[] = []
    const values: SQLInputValue[] = []
    const add = (condition: string, ...of: SQLInputValue[]) => {
      conditions.push(condition)
      values.push(...of)
    }
    if (account) add("(facts ->> '$.order.buyer' = ? OR facts ->> '$.order.payer' = ?)", account, account)
    if (seller) add("facts ->> '$.order.seller' = ?", seller)
    if (machineId) add("facts ->> '$.order.machineId' = ?", machineId)
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
    return this.#db
      .prepare(`SELECT orderId FROM orders ${where} ORDER BY orderId DESC`)
      .all(...values)
      .map((row) => Number(row.orderId))
  }

  /** Orders that are open or were settled at `atSeconds` or later. */
  orderIdsSince(atSeconds: number): number[] {
    return this.#db
      .prepare("SELECT orderId FROM orders WHERE settled = 0 OR facts ->> '$.order.settledAt' >= ?")
      .all(atSeconds)
      .map((row) => Number(row.orderId))
  }

  /** All machines with their facts, by number. */
  machines(): Map<number, MachineFacts> {
    const rows = this.#db.prepare('SELECT machineId, facts FROM machines ORDER BY machineId').all()
    return new Map(rows.map((row) => [Number(row.machineId), JSON.parse(String(row.facts)) as MachineFacts]))
  }

  /** Orders that may still change without an event, because a clock runs. */
  openOrderIds(): number[] {
    return this.#db
      .prepare('SELECT orderId FROM orders WHERE settled = 0')
      .all()
      .map((row) => Number(row.orderId))
  }

  machineIds(): number[] {
    return this.#db
      .prepare('SELECT machineId FROM machines ORDER BY machineId')
      .all()
      .map((row) => Number(row.machineId))
  }

  order(orderId: number): OrderFacts | undefined {
    const row = this.#db.prepare('SELECT facts FROM orders WHERE orderId = ?').get(orderId)
    return row && (JSON.parse(String(row.facts)) as OrderFacts)
  }

  machine(machineId: number): MachineFacts | undefined {
    const row = this.#db.prepare('SELECT facts FROM machines WHERE machineId = ?').get(machineId)
    return row && (JSON.parse(String(row.facts)) as MachineFacts)
  }

  dispute(disputeId: number): DisputeFacts | undefined {
    return disputeTable.get(this.#db, disputeId)
  }

  /** Numbers of the disputes of an order, oldest first. */
  disputeIdsOf(orderId: number): number[] {
    return disputeTable.ids(this.#db, { orderId })
  }

  /** Disputes that may still change without an event, because a clock runs; oldest first. */
  openDisputeIds(): number[] {
    return disputeTable.ids(this.#db, { isOpen: true })
  }

  /** Which order a dispute is about, as the event said that opened it. */
  orderIdOfDispute(disputeId: number): number | undefined {
    return this.eventsOfDispute(disputeId).find(({ orderId }) => orderId !== null)?.orderId ?? undefined
  }

  eventsOfDispute(disputeId: number): StoredEvent[] {
    return this.#events('disputeId = ?', disputeId)
  }

  eventsOfOrder(orderId: number): StoredEvent[] {
    return this.#events('orderId = ?', orderId)
  }

  eventsOfMachine(machineId: number): StoredEvent[] {
    return this.#events('machineId = ? AND orderId IS NULL', machineId)
  }

  /** All events of a name, oldest first. */
  eventsNamed<N extends StoredEvent['name']>(name: N): Extract<StoredEvent, { name: N }>[] {
    return this.#events('name = ?', name) as Extract<StoredEvent, { name: N }>[]
  }

  /** The newest events about orders, newest first. */
  newestOrderEvents(limit: number): StoredEvent[] {
    const rows = this.#db
      .prepare(
        'SELECT e.*, b.at FROM events e LEFT JOIN blocks b ON b.number = e.blockNumber WHERE orderId IS NOT NULL ORDER BY blockNumber DESC, logIndex DESC LIMIT ?',
      )
      .all(limit)
    return rows.map(toEvent)
  }

  eventsOfTx(txHash: string): StoredEvent[] {
    return this.#events('txHash = ?', txHash)
  }

  #events(where: string, value: SQLInputValue): StoredEvent[] {
    const rows = this.#db
      .prepare(
        `SELECT e.*, b.at FROM events e LEFT JOIN blocks b ON b.number = e.blockNumber WHERE ${where} ORDER BY blockNumber, logIndex`,
      )
      .all(value)
    return rows.map(toEvent)
  }

  #setPending(events: readonly StoredEvent[], done: Pick<Advance, keyof Touched>): void {
    const before = this.pending()
    const orders = new Set([...before.orders, ...events.flatMap((event) => event.orderId ?? [])])
    const machines = new Set([...before.machines, ...events.flatMap((event) => event.machineId ?? [])])
    const disputes = new Set([...before.disputes, ...events.flatMap((event) => event.disputeId ?? [])])
    for (const id of done.orders.keys()) orders.delete(id)
    for (const id of done.disputes.keys()) disputes.delete(id)
    for (const id of done.machines.keys()) machines.delete(id)
    this.#setMeta('pending', { orders: [...orders], machines: [...machines], disputes: [...disputes] })
  }

  #putBlock({ number, hash, at }: BlockRef): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO blocks (number, hash, at) VALUES (?, ?, ?)')
      .run(number, hash, at)
  }

  #putEvent(event: StoredEvent): void {
    this.#db
      .prepare(
        'INSERT INTO events (blockNumber, logIndex, txHash, pallet, name, orderId, machineId, disputeId, args) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        event.blockNumber,
        event.logIndex,
        event.txHash,
        event.pallet,
        event.name,
        event.orderId,
        event.machineId,
        event.disputeId,
        toStoredJson(event.args),
      )
  }

  #putOrder(id: number, facts: OrderFacts | undefined): boolean {
    if (facts === undefined)
      return this.#db.prepare('DELETE FROM orders WHERE orderId = ?').run(id).changes > 0
    const settled = facts.order.settledAt > 0 ? 1 : 0
    const json = toStoredJson(facts)
    const same = this.#db.prepare('SELECT 1 FROM orders WHERE orderId = ? AND facts = ?').get(id, json)
    if (same) return false
    this.#db
      .prepare('INSERT OR REPLACE INTO orders (orderId, settled, facts) VALUES (?, ?, ?)')
      .run(id, settled, json)
    return true
  }

  #putMachine(id: number, facts: MachineFacts | undefined): boolean {
    if (facts === undefined)
      return this.#db.prepare('DELETE FROM machines WHERE machineId = ?').run(id).changes > 0
    const json = toStoredJson(facts)
    const same = this.#db.prepare('SELECT 1 FROM machines WHERE machineId = ? AND facts = ?').get(id, json)
    if (same) return false
    this.#db.prepare('INSERT OR REPLACE INTO machines (machineId, facts) VALUES (?, ?)').run(id, json)
    return true
  }

  #prune(head: number): void {
    this.#db
      .prepare('DELETE FROM blocks WHERE number < ? AND number NOT IN (SELECT blockNumber FROM events)')
      .run(head - BLOCKS_KEPT)
  }

  #meta(key: string): unknown {
    const row = this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(key)
    return row && JSON.parse(String(row.value))
  }

  #setMeta(key: string, value: unknown): void {
    this.#db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, toStoredJson(value))
  }

  #together(write: () => void): void {
    this.#revision += 1
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      write()
      this.#db.exec('COMMIT')
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }
}

const toEvent = (row: Record<string, unknown>): StoredEvent =>
  ({ ...row, args: JSON.parse(String(row.args)) }) as unknown as StoredEvent
