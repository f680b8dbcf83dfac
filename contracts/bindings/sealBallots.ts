import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** A juror's vote before it is opened; its own call needs no signature. */
export type SealedBallot = { juror: string; commitment: string; signature: string }

/** Anyone, before the seal deadline: stores what jurors are bound to. After it only these votes count. */
export function sealBallots(
  context: ChainContext,
  args: { disputeId: bigint; ballots: readonly SealedBallot[] },
): Promise<Sent> {
  return send(context, 'disputes', 'sealBallots', [args.disputeId, args.ballots])
}
