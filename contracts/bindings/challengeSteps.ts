import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import type { InputsOf } from './pallets.ts'
import { type Sent, send } from './send.ts'

/** A segment's leaf, its window as committed, and the leaf's path in it (Types.sol). */
export type LeafProof = InputsOf<'disputes', 'challengeSteps'>[1]

/** As `challenge`, with the state root after each of the segment's steps, so that the first wrong one can be found. */
export async function challengeSteps(
  context: ChainContext,
  args: { orderId: bigint; claim: LeafProof; roots: readonly string[] },
): Promise<Sent & { disputeId: bigint }> {
  const { orderId, claim, roots } = args
  const sent = await send(context, 'disputes', 'challengeSteps', [orderId, claim, roots])
  return { ...sent, disputeId: eventIn(sent, 'Challenged').args.disputeId }
}
