import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import { type Sent, send } from './send.ts'

/**
 * Anyone with unreserved bond, while the order is in audit: says that a segment does not hold or that its checkpoints are
 * not served. A refuted challenge costs the bond.
 */
export async function challenge(
  context: ChainContext,
  args: { orderId: bigint; segment: number },
): Promise<Sent & { disputeId: bigint }> {
  const sent = await send(context, 'disputes', 'challenge', [args.orderId, args.segment])
  return { ...sent, disputeId: eventIn(sent, 'Challenged').args.disputeId }
}
