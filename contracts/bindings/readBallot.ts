import type { ChainContext } from './context.ts'
import type { OutputOf } from './pallets.ts'
import { read } from './read.ts'

/** What the chain has of a juror's vote of the current round: its commitment and, opened, what it found; zero: nothing. */
export function readBallot(
  context: ChainContext,
  args: { disputeId: bigint; juror: string },
): Promise<OutputOf<'disputes', 'ballotOf'>> {
  return read(context, 'disputes', 'ballotOf', [args.disputeId, args.juror])
}
