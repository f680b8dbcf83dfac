import type { ChainContext } from './context.ts'
import { read } from './read.ts'

/** What a juror's recorded vote of the current round found; zero: none. */
export function readBallot(
  context: ChainContext,
  args: { disputeId: bigint; juror: string },
): Promise<string> {
  return read(context, 'disputes', 'ballotOf', [args.disputeId, args.juror])
}
