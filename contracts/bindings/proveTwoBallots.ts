import type { ChainContext } from './context.ts'
import type { SealedBallot } from './sealBallots.ts'
import { type Sent, send } from './send.ts'

/** Anyone: a juror that is bound to two votes of one round loses its seat. No signature: the one on chain. */
export function proveTwoBallots(
  context: ChainContext,
  args: { disputeId: bigint; round: number; a: SealedBallot; b: SealedBallot },
): Promise<Sent> {
  const { disputeId, round, a, b } = args
  return send(context, 'disputes', 'proveTwoBallots', [disputeId, round, a, b])
}
