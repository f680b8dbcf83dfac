import type { DisputeFacts, MachineFacts, OrderFacts, Parameters } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import { type Database, once, type SqlValue, type Write } from './Database.ts'
import type { Advance, BlockRef, ChainId, OrderFilter, Touched } from './rowTypes.ts'
import { toStoredJson } from './stored.ts'
import * as put from './writes.ts'

/** Blocks without events that are kept to find where a reorganised chain parts from ours. */
const BLOCKS_KEPT = 1024

const nothing: Touched = { orders: [], machines: [], disputes: [] }
const EVENTS = 'SELECT e.*, b.at FROM events e LEFT JOIN blocks b ON b.number = e."blockNumber"'

/** What is known of the chain. Events are keyed by block, so that a rollback is one delete. */
export class ChainRows {
  readonly #db: Database
  #revision = 0

  constructor(db: Database) {
    this.#db = db
  }

  async chain(): Promise<ChainId | undefined> {
    return (await this.#meta('chain')) as ChainId | undefined
  }

  /** The last block followed. */
  async cursor(): Promise<BlockRef | undefined> {
    return (await this.#meta('cursor')) as BlockRef | undefined
  }

  /** The deployment's parameters, once read. */
  async parameters(): Promise<Parameters | undefined> {
    return (await this.#meta('parameters')) as Parameters | undefined
  }

  async setParameters(parameters: Parameters): Promise<void> {
    await this.#write([put.putMeta('parameters', parameters)])
  }

  /** Forgets everything and starts on another chain. */
  async reset(chain: ChainId): Promise<void> {
    const tables = ['blocks', 'events', 'machines', 'orders', 'disputes']
    await this.#write([
      ...tables.map((table) => once(`DELETE FROM ${table}`)),
      once("DELETE FROM meta WHERE key <> 'schema'"),
      put.putMeta('chain', chain),
    ])
  }

  /** Ids whose facts are due, kept here so that a crash between two steps forgets none. */
  async pending(): Promise<Touched> {
    return ((await this.#meta('pending')) as Touched | undefined) ?? nothing
  }

  /** Writes what a range brought. Returns the orders and machines of which anything is not what it was. */
  async apply(advance: Advance): Promise<Pick<Touched, 'orders' | 'machines'>> {
    const { to, blocks, events } = advance
    const spokenOf = new Set(events.map((event) => event.orderId))
    const disputes = await this.#disputeWrites(advance.disputes, spokenOf)
    const orders = await this.#changed('orders', 'orderId', advance.orders)
    const machines = await this.#changed('machines', 'machineId', advance.machines)
    const before = await this.cursor()
    await this.#write([
      put.putBlocks([...blocks, to]),
      put.putEvents(events),
      ...disputes,
      ...orders.map((id) => put.putOrder(id, advance.orders.get(id))),
      ...machines.map((id) => put.putMachine(id, advance.machines.get(id))),
      put.putMeta('pending', pendingAfter(await this.pending(), events, advance)),
      put.putMeta('cursor', to),
      pruned(before?.number ?? 0, to.number),
    ])
    const named = [...advance.orders.keys()].filter((id) => spokenOf.has(id))
    const changed = [...new Set([...orders, ...named])]
    return { orders: [...new Set([...changed, ...twinsOf(changed, advance.orders)])], machines }
  }

  /** Drops all rows after a block; what they spoke of becomes pending. */
  async rollbackTo(ancestor: BlockRef | undefined): Promise<void> {
    const last = ancestor?.number ?? -1
    const gone = await this.#events('"blockNumber" > ?', last)
    await this.#write([
      put.putMeta('pending', pendingAfter(await this.pending(), gone, undefined)),
      once('DELETE FROM events WHERE "blockNumber" > ?', last),
      once('DELETE FROM blocks WHERE number > ?', last),
      ancestor ? put.putMeta('cursor', ancestor) : once("DELETE FROM meta WHERE key = 'cursor'"),
    ])
  }

  /** The newest kept block below a number. */
  async blockBelow(number: number): Promise<BlockRef | undefined> {
    const [row] = await this.#db.all('SELECT * FROM blocks WHERE number < ? ORDER BY number DESC LIMIT 1', [
      number,
    ])
    return row as BlockRef | undefined
  }

  /** Grows with every change of what is followed. */
  get revision(): number {
    return this.#revision
  }

  /** Numbers of the orders that match, newest first. */
  async orderIds({ account, seller, machineId }: OrderFilter = {}): Promise<number[]> {
    const conditions: [string, ...SqlValue[]][] = [
      ...(account ? [['(buyer = ? OR payer = ?)', account, account] as [string, ...SqlValue[]]] : []),
      ...(seller ? [['seller = ?', seller] as [string, ...SqlValue[]]] : []),
      ...(machineId ? [['"machineId" = ?', Number(machineId)] as [string, ...SqlValue[]]] : []),
    ]
    const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')}` : ''
    const values = conditions.flatMap(([, ...of]) => of)
    return this.#ids(`SELECT "orderId" AS id FROM orders ${where} ORDER BY "orderId" DESC`, values)
  }

  /** The newest settled orders, newest first. */
  async settledOrders(limit: number): Promise<{ readonly orderId: number; readonly settledAt: number }[]> {
    const rows = await this.#db.all(
      'SELECT "orderId", "settledAt" FROM orders WHERE settled = 1 ORDER BY "orderId" DESC LIMIT ?',
      [limit],
    )
    return rows.map((row) => ({ orderId: Number(row.orderId), settledAt: Number(row.settledAt) }))
  }

  /** Orders that are open or were settled at `atSeconds` or later. */
  orderIdsSince(atSeconds: number): Promise<number[]> {
    return this.#ids('SELECT "orderId" AS id FROM orders WHERE settled = 0 OR "settledAt" >= ?', [atSeconds])
  }

  /** All machines with their facts, by number. */
  async machines(): Promise<Map<number, MachineFacts>> {
    const rows = await this.#db.all('SELECT "machineId", facts FROM machines ORDER BY "machineId"')
    return new Map(rows.map((row) => [Number(row.machineId), JSON.parse(String(row.facts)) as MachineFacts]))
  }

  /** Of each machine, how many orders were proved and settled, and when the last of them. */
  async proofs(): Promise<Map<number, { readonly orders: number; readonly at: number }>> {
    const rows = await this.#db.all(
      'SELECT "machineId", COUNT(*) AS orders, MAX("provedAt") AS at FROM orders WHERE "provedAt" > 0 GROUP BY "machineId"',
    )
    return new Map(
      rows.map(({ machineId, orders, at }) => [
        Number(machineId),
        { orders: Number(orders), at: Number(at) },
      ]),
    )
  }

  /** Where each machine's specification was said to be, the newest word of it. */
  async specUris(): Promise<Map<number, string>> {
    const said = [...(await this.eventsNamed('MachineAdded')), ...(await this.eventsNamed('MachineUpdated'))]
    said.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
    return new Map(said.map(({ args }) => [Number(args.machineId), args.specUri]))
  }

  /** Orders that may still change without an event, because a clock runs. */
  openOrderIds(): Promise<number[]> {
    return this.#ids('SELECT "orderId" AS id FROM orders WHERE settled = 0 ORDER BY "orderId"')
  }

  async order(orderId: number): Promise<OrderFacts | undefined> {
    return parsed<OrderFacts>(await this.#facts('orders', 'orderId', orderId))
  }

  async machine(machineId: number): Promise<MachineFacts | undefined> {
    return parsed<MachineFacts>(await this.#facts('machines', 'machineId', machineId))
  }

  async dispute(disputeId: number): Promise<DisputeFacts | undefined> {
    return parsed<DisputeFacts>(await this.#facts('disputes', 'disputeId', disputeId))
  }

  /** Numbers of the disputes of an order, oldest first. */
  disputeIdsOf(orderId: number): Promise<number[]> {
    return this.#ids('SELECT "disputeId" AS id FROM disputes WHERE "orderId" = ? ORDER BY "disputeId"', [
      orderId,
    ])
  }

  /** Numbers of the newest disputes about a machine's orders, newest first. */
  disputeIdsOfMachine(machineId: number, limit: number): Promise<number[]> {
    return this.#ids(
      'SELECT "disputeId" AS id FROM disputes WHERE "orderId" IN (SELECT "orderId" FROM orders WHERE "machineId" = ?) ORDER BY "disputeId" DESC LIMIT ?',
      [machineId, limit],
    )
  }

  /** Disputes that may still change without an event, because a clock runs; oldest first. */
  openDisputeIds(): Promise<number[]> {
    return this.#ids('SELECT "disputeId" AS id FROM disputes WHERE closed = 0 ORDER BY "disputeId"')
  }

  /** Which order a dispute is about, as the event said that opened it. */
  async orderIdOfDispute(disputeId: number): Promise<number | undefined> {
    const events = await this.eventsOfDispute(disputeId)
    return events.find(({ orderId }) => orderId !== null)?.orderId ?? undefined
  }

  eventsOfDispute(disputeId: number): Promise<StoredEvent[]> {
    return this.#events('"disputeId" = ?', disputeId)
  }

  eventsOfOrder(orderId: number): Promise<StoredEvent[]> {
    return this.#events('"orderId" = ?', orderId)
  }

  eventsOfMachine(machineId: number): Promise<StoredEvent[]> {
    return this.#events('"machineId" = ? AND "orderId" IS NULL', machineId)
  }

  /** All events of a name, oldest first. */
  async eventsNamed<N extends StoredEvent['name']>(name: N): Promise<Extract<StoredEvent, { name: N }>[]> {
    return (await this.#events('name = ?', name)) as Extract<StoredEvent, { name: N }>[]
  }

  /** The newest events about orders, newest first. */
  async newestOrderEvents(limit: number): Promise<StoredEvent[]> {
    const order = 'ORDER BY "blockNumber" DESC, "logIndex" DESC LIMIT ?'
    return (await this.#db.all(`${EVENTS} WHERE "orderId" IS NOT NULL ${order}`, [limit])).map(toEvent)
  }

  /** Events of orders in which an account has a part, or that name it as drawn; newest first, from a block on. */
  async eventsConcerning(account: string, limit: number, fromBlock: number): Promise<StoredEvent[]> {
    const rows = await this.#db.all(
      `${EVENTS} WHERE "blockNumber" >= ? AND (
         "orderId" IN (SELECT "orderId" FROM orders WHERE buyer = ? OR payer = ? OR seller = ?)
           AND name IN ('OrderPlaced', 'OrderStarted', 'OrderEnded', 'OrderSettled', 'Challenged', 'DisputeClosed')
         OR name IN ('PanelDrawn', 'JuryDrawn') AND args LIKE ?
       ) ORDER BY "blockNumber" DESC, "logIndex" DESC LIMIT ?`,
      [fromBlock, account, account, account, `%${account}%`, limit],
    )
    return rows.map(toEvent)
  }

  /** Orders whose panel an account was drawn for, newest first. */
  async panelsWith(account: string, limit: number): Promise<number[]> {
    const found = await this.#ids(
      `SELECT "orderId" AS id FROM events WHERE name = 'PanelDrawn' AND args LIKE ? ORDER BY "blockNumber" DESC LIMIT ?`,
      [`%${account}%`, limit],
    )
    return [...new Set(found)]
  }

  eventsOfTx(txHash: string): Promise<StoredEvent[]> {
    return this.#events('"txHash" = ?', txHash)
  }

  async #events(where: string, value: SqlValue): Promise<StoredEvent[]> {
    const rows = await this.#db.all(`${EVENTS} WHERE ${where} ORDER BY "blockNumber", "logIndex"`, [value])
    return rows.map(toEvent)
  }

  async #ids(sql: string, values: readonly SqlValue[] = []): Promise<number[]> {
    return (await this.#db.all(sql, values)).map(({ id }) => Number(id))
  }

  async #facts(table: string, key: string, id: number): Promise<string | undefined> {
    const [row] = await this.#db.all(`SELECT facts FROM ${table} WHERE "${key}" = ?`, [id])
    return row && String(row.facts)
  }

  /** Those whose facts are not what is written already. */
  async #changed(table: string, key: string, facts: ReadonlyMap<number, unknown>): Promise<number[]> {
    const changed: number[] = []
    for (const [id, now] of facts) {
      const before = await this.#facts(table, key, id)
      if (before !== (now === undefined ? undefined : toStoredJson(now))) changed.push(id)
    }
    return changed
  }

  /** A dispute's change is one of its order, too. */
  async #disputeWrites(disputes: Advance['disputes'], spokenOf: Set<number | null>): Promise<Write[]> {
    const changed = await this.#changed('disputes', 'disputeId', disputes)
    for (const id of changed)
      for (const known of [await this.dispute(id), disputes.get(id)])
        if (known) spokenOf.add(Number(known.orderId))
    return changed.map((id) => put.putDispute(id, disputes.get(id)))
  }

  async #meta(key: string): Promise<unknown> {
    const [row] = await this.#db.all('SELECT value FROM meta WHERE key = ?', [key])
    return row && JSON.parse(String(row.value))
  }

  async #write(writes: readonly Write[]): Promise<void> {
    await this.#db.write(writes)
    this.#revision += 1
  }
}

/** What one of two refereed orders opens says something of the other. */
const twinsOf = (ids: readonly number[], facts: Advance['orders']): number[] =>
  ids.flatMap((id) => {
    const twin = Number(facts.get(id)?.twin ?? 0)
    return twin === 0 ? [] : [twin]
  })

const pendingAfter = (
  before: Touched,
  events: readonly StoredEvent[],
  done: Pick<Advance, keyof Touched> | undefined,
): Touched => {
  const due = (
    known: readonly number[],
    named: readonly number[],
    read: ReadonlyMap<number, unknown> | undefined,
  ) => [...new Set([...known, ...named])].filter((id) => !read?.has(id))
  return {
    orders: due(
      before.orders,
      events.flatMap((event) => event.orderId ?? []),
      done?.orders,
    ),
    machines: due(
      before.machines,
      events.flatMap((event) => event.machineId ?? []),
      done?.machines,
    ),
    disputes: due(
      before.disputes,
      events.flatMap((event) => event.disputeId ?? []),
      done?.disputes,
    ),
  }
}

/** Only what has come of age since the last time is looked at: blocks with events stay for good. */
const pruned = (before: number, head: number): Write =>
  once(
    'DELETE FROM blocks WHERE number >= ? AND number < ? AND NOT EXISTS (SELECT 1 FROM events WHERE "blockNumber" = number)',
    before - BLOCKS_KEPT,
    head - BLOCKS_KEPT,
  )

const parsed = <T>(text: string | undefined): T | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as T)

const toEvent = (row: Readonly<Record<string, unknown>>): StoredEvent =>
  ({ ...row, args: JSON.parse(String(row.args)) }) as unknown as StoredEvent
