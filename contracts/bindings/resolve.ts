import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** A juror's vote; its own call needs no signature. */
export type Ballot = { juror: string; found: string; signature: string }

/** Anyone: hands in votes of the jury. Decides and settles as soon as two thirds agree, or gives up after the deadline. */
export function resolve(
  context: ChainContext,
  args: { disputeId: bigint; ballots: readonly Ballot[] },
): Promise<Sent> {
  return send(context, 'disputes', 'resolve', [args.disputeId, args.ballots])
}
