import type { ChainContext } from './context.ts'
import { ChainUnreachable } from './errors.ts'
import type { Round } from './rounds.ts'

/** A drand round, or undefined where it is not there yet. Throws ChainUnreachable where nobody gives it. */
export async function lookUpRound({ rounds }: ChainContext, round: number): Promise<Round | undefined> {
  if (!rounds) throw new ChainUnreachable(`drand round ${round} was not looked up: no relay is named.`)
  try {
    return await rounds.roundOf(round)
  } catch (cause) {
    throw new ChainUnreachable(cause instanceof Error ? cause.message : String(cause))
  }
}
