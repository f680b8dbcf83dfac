import type { DisputeFacts, MachineFacts, OrderFacts } from '../follower/facts.ts'
import type { StoredEvent } from '../follower/storedEvent.ts'

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
