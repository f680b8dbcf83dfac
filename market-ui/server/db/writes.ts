import type { DisputeFacts, MachineFacts, OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'
import { once, type SqlValue, type Write } from './Database.ts'
import type { BlockRef } from './rowTypes.ts'
import { toStoredJson } from './stored.ts'

const upsert = (table: string, columns: readonly string[]): string => {
  const names = columns.map((name) => `"${name}"`)
  const updates = names.slice(1).map((name) => `${name} = excluded.${name}`)
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT (${names[0]}) DO UPDATE SET ${updates.join(', ')}`
}

const META = upsert('meta', ['key', 'value'])
const BLOCK = upsert('blocks', ['number', 'hash', 'at'])
const MACHINE = upsert('machines', ['machineId', 'facts'])
const DISPUTE = upsert('disputes', ['disputeId', 'orderId', 'closed', 'facts'])
const orderColumns = [
  ...['orderId', 'settled', 'settledAt', 'provedAt', 'buyer', 'payer', 'seller', 'machineId', 'facts'],
]
const ORDER = upsert('orders', orderColumns)
const EVENT = `INSERT INTO events ("blockNumber", "logIndex", "txHash", pallet, name, "orderId", "machineId", "disputeId", args)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

export const putMeta = (key: string, value: unknown): Write => once(META, key, toStoredJson(value))

export const putBlocks = (blocks: readonly BlockRef[]): Write => ({
  sql: BLOCK,
  rows: blocks.map(({ number, hash, at }) => [number, hash, at]),
})

export const putEvents = (events: readonly StoredEvent[]): Write => ({
  sql: EVENT,
  rows: events.map((event) => [
    event.blockNumber,
    event.logIndex,
    event.txHash,
    event.pallet,
    event.name,
    event.orderId,
    event.machineId,
    event.disputeId,
    toStoredJson(event.args),
  ]),
})

export const putOrder = (orderId: number, facts: OrderFacts | undefined): Write => {
  if (facts === undefined) return once('DELETE FROM orders WHERE "orderId" = ?', orderId)
  const { settledAt, buyer, payer, seller, machineId } = facts.order
  const who: SqlValue[] = [buyer, payer, seller, Number(machineId)]
  return once(ORDER, orderId, settledAt > 0 ? 1 : 0, settledAt, provedAt(facts), ...who, toStoredJson(facts))
}

/** When an order was settled whose audit passed, and which nobody then showed to be wrong; 0: not. */
const provedAt = ({ order, audit }: OrderFacts): number =>
  audit.outcome === 'Pass' && order.status !== 'Failed' ? order.settledAt : 0

export const putMachine = (machineId: number, facts: MachineFacts | undefined): Write =>
  facts === undefined
    ? once('DELETE FROM machines WHERE "machineId" = ?', machineId)
    : once(MACHINE, machineId, toStoredJson(facts))

export const putDispute = (disputeId: number, facts: DisputeFacts | undefined): Write =>
  facts === undefined
    ? once('DELETE FROM disputes WHERE "disputeId" = ?', disputeId)
    : once(DISPUTE, disputeId, Number(facts.orderId), facts.stage === 'Closed' ? 1 : 0, toStoredJson(facts))
