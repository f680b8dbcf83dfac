import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import type { ChainRows } from '../db/ChainRows.ts'
import type { Advance, BlockRef } from '../db/rowTypes.ts'
import { addOrders } from './addOrders.ts'
import type { ChainNode } from './ChainNode.ts'
import {
  type MachineFacts,
  type OrderFacts,
  readDisputeFacts,
  readMachineFacts,
  readOrderFacts,
} from './facts.ts'
import { type StoredEvent, storedEvent } from './storedEvent.ts'

/** The chain was reorganised while it was read; nothing was written, the next round starts from the ancestor. */
export class ReorganisedMeanwhile extends Error {
  override readonly name = 'ReorganisedMeanwhile'
}

const READS_AT_ONCE = 20

type Source = { readonly context: ChainContext; readonly node: ChainNode; readonly rows: ChainRows }

/**
 * Reads the events of blocks `from` to `to` and, on the last range, the views of all that changed, at the head.
 * Throws ReorganisedMeanwhile if the blocks are not of one chain, ChainUnreachable if the node does not answer.
 */
export const readAdvance = async (
  source: Source,
  from: number,
  to: BlockRef,
  head: BlockRef,
): Promise<Advance> => {
  const found = await readEvents(source.context, from, to.number)
  const blocks = await blocksOf(source.node, found, to)
  const events = await addOrders(found.map(storedEvent), source.rows)
  const isLast = to.number === head.number
  const facts = isLast ? await readFacts(source, events, head) : noFacts
  const still = await source.node.block(to.number)
  if (still?.hash !== to.hash) throw new ReorganisedMeanwhile(`Block ${to.number} was replaced.`)
  return { to, blocks, events, ...facts }
}

type Facts = Pick<Advance, 'orders' | 'machines' | 'disputes'>

const noFacts: Facts = { orders: new Map(), machines: new Map(), disputes: new Map() }

const blocksOf = async (
  node: ChainNode,
  events: readonly ChainEvent[],
  to: BlockRef,
): Promise<BlockRef[]> => {
  const hashes = new Map(events.map((event) => [event.blockNumber, event.blockHash]))
  return mapInParts([...hashes], async ([number, hash]) => {
    const block = number === to.number ? to : await node.block(number)
    if (block?.hash !== hash) throw new ReorganisedMeanwhile(`Block ${number} was replaced.`)
    return block
  })
}

const readFacts = async (
  { context, rows }: Source,
  events: readonly StoredEvent[],
  head: BlockRef,
): Promise<Facts> => {
  const pending = await rows.pending()
  const orderIds = new Set([
    ...pending.orders,
    ...(await rows.openOrderIds()),
    ...events.flatMap((event) => event.orderId ?? []),
  ])
  const orders = new Map<number, OrderFacts | undefined>(
    await mapInParts(
      [...orderIds],
      async (id) => [id, await readOrderFacts(context, id, head.number)] as const,
    ),
  )
  const machineIds = new Set([...pending.machines, ...(await machinesOf(events, orders, rows))])
  const machines = new Map<number, MachineFacts | undefined>(
    await mapInParts([...machineIds], async (id) => [id, await readMachineFacts(context, id, head)] as const),
  )
  return { orders, machines, disputes: await readDisputes(context, rows, events, head) }
}

/** A settlement closes all disputes of its order, also those that no event names. */
const readDisputes = async (
  context: ChainContext,
  rows: ChainRows,
  events: readonly StoredEvent[],
  head: BlockRef,
): Promise<Facts['disputes']> => {
  const pending = await rows.pending()
  const orderIds = new Set([...pending.orders, ...events.flatMap((event) => event.orderId ?? [])])
  const ids = new Set([
    ...pending.disputes,
    ...(await rows.openDisputeIds()),
    ...(await mapInParts([...orderIds], (orderId) => rows.disputeIdsOf(orderId))).flat(),
    ...events.flatMap((event) => event.disputeId ?? []),
  ])
  return new Map(
    await mapInParts([...ids], async (id) => [id, await readDisputeFacts(context, id, head.number)] as const),
  )
}

/** Some events name only the order or the offer; its machine changed too. */
const machinesOf = async (
  events: readonly StoredEvent[],
  orders: ReadonlyMap<number, OrderFacts | undefined>,
  rows: ChainRows,
): Promise<number[]> => {
  const cancelled = new Set<string>()
  const named = events.flatMap((event) => {
    if (event.machineId !== null) return [event.machineId]
    if (event.name === 'OfferCancelled') cancelled.add(event.args.offerId)
    const facts = event.orderId === null ? undefined : orders.get(event.orderId)
    return facts ? [Number(facts.order.machineId)] : []
  })
  if (cancelled.size === 0) return named
  const under = [...(await rows.machines())].filter(([, facts]) => cancelled.has(facts.machine.offerId))
  return [...named, ...under.map(([id]) => id)]
}

const mapInParts = async <In, Out>(items: readonly In[], map: (item: In) => Promise<Out>): Promise<Out[]> => {
  const out: Out[] = []
  for (let start = 0; start < items.length; start += READS_AT_ONCE)
    out.push(...(await Promise.all(items.slice(start, start + READS_AT_ONCE).map(map))))
  return out
}
