import type { ChainContext } from './context.ts'
import { read } from './read.ts'
import { type DisputeFacts, readDispute } from './readDispute.ts'

/** Disputes of all orders that are looked through, newest first: an order's audit is short. */
const MAX_LOOKED_AT = 256n

/** An order's disputes that are not closed, newest first. */
export async function readDisputesOf(
  context: ChainContext,
  orderId: bigint,
): Promise<({ disputeId: bigint } & DisputeFacts)[]> {
  const open = await read(context, 'disputes', 'openOf', [orderId])
  if (open === 0n) return []
  const newest = await read(context, 'disputes', 'disputeCount', [])
  const found: ({ disputeId: bigint } & DisputeFacts)[] = []
  const oldest = newest > MAX_LOOKED_AT ? newest - MAX_LOOKED_AT : 0n
  for (let disputeId = newest; disputeId > oldest && BigInt(found.length) < open; disputeId--) {
    const facts = await readDispute(context, disputeId)
    if (facts.orderId === orderId && facts.stage !== 'Closed') found.push({ disputeId, ...facts })
  }
  return found
}
