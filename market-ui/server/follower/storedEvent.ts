import type { ChainEvent } from '@trainyard/contracts/events.ts'
import { type Stored, toStored } from '../db/stored.ts'

/** The events of the pallets as rows keep them; `name` says which `args` they have. */
export type StoredEvent = Stored<
  ChainEvent extends infer E ? (E extends ChainEvent ? Omit<E, 'blockHash'> : never) : never
> & {
  readonly orderId: number | null
  readonly machineId: number | null
  readonly disputeId: number | null
  /** Seconds since 1970 of the block; null for rows not written yet. */
  readonly at: number | null
}

/** Turns a decoded event into a row, with the order, machine and dispute it names. */
export const storedEvent = (event: ChainEvent): StoredEvent => {
  const { blockHash: _blockHash, ...kept } = event
  const args = event.args as Readonly<Record<string, unknown>>
  return {
    ...toStored(kept),
    orderId: idOf(args.orderId),
    machineId: idOf(args.machineId),
    disputeId: idOf(args.disputeId),
    at: null,
  } as StoredEvent
}

const idOf = (value: unknown): number | null => (typeof value === 'bigint' ? Number(value) : null)
