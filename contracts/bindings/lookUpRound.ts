import type { ChainContext } from './context.ts'
import { ChainUnreachable, RoundUnavailable } from './errors.ts'
import type { Round } from './rounds.ts'

/** A drand round, or undefined where it is not there yet. Throws RoundUnavailable where nobody gives it. */
export async function lookUpRound(
  { rounds }: ChainContext,
  round: number,
  signal?: AbortSignal,
): Promise<Round | undefined> {
  if (!rounds) throw new RoundUnavailable(round, 'no relay is named.')
  try {
    return await rounds.roundOf(round, signal)
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof ChainUnreachable) throw cause // the node, which says what network it is
    throw new RoundUnavailable(round, cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
