import type { ChainContext } from './context.ts'
import type { ChainEvent } from './events.ts'
import { interfaces } from './pallets.ts'
import { readEvents } from './readEvents.ts'
import { readHead } from './readHead.ts'
import { readOrder } from './readOrder.ts'

export type PassFacts = Extract<ChainEvent, { name: 'AuditPassed' }>['args']

/** A pass is settled soon after it came: looked for from the newest block back. */
const BLOCKS_AT_ONCE = 2_000

/**
 * Whom a whole panel's pass pays, which is in its event alone. Undefined: there is none on this chain. Throws
 * ChainUnreachable.
 */
export async function readPass(context: ChainContext, orderId: bigint): Promise<PassFacts | undefined> {
  const { startedBlock } = await readOrder(context, orderId)
  const { blockNumber } = await readHead(context)
  const topics = interfaces.proofs.encodeFilterTopics('AuditPassed', [orderId]) as string[]
  for (let to = blockNumber; to >= startedBlock; to -= BLOCKS_AT_ONCE) {
    const from = Math.max(startedBlock, to - BLOCKS_AT_ONCE + 1)
    const found = (await readEvents(context, from, to, { pallet: 'proofs', topics })).at(-1)
    if (found?.name === 'AuditPassed') return found.args
  }
  return undefined
}
