import type { Vote } from './ballotCommitment.ts'
import type { ChainContext } from './context.ts'
import { type Sent, send } from './send.ts'

/** A juror's opened vote; its own call needs no signature, nor does one whose commitment is on chain. */
export type Ballot = Vote & { readonly juror: string; readonly signature: string }

/**
 * Anyone: hands in opened votes: the whole jury's, or after the seal deadline those sealed on chain. Decides and settles as
 * soon as two thirds agree, or gives up after the deadline.
 */
export function resolve(
  context: ChainContext,
  args: { disputeId: bigint; ballots: readonly Ballot[] },
): Promise<Sent> {
  return send(context, 'disputes', 'resolve', [args.disputeId, args.ballots])
}
