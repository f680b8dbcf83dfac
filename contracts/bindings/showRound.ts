import { ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { lookUpRound } from './lookUpRound.ts'
import { read } from './read.ts'
import type { Sent } from './send.ts'
import { showSignedRound } from './showSignedRound.ts'

/**
 * Anyone: shows a drand round to the contract that draws by it, for everybody and for ever. Undefined where that was not
 * needed, or the round is not there yet. Throws RoundUnavailable where drand gives no answer
 */
export async function showRound(
  context: ChainContext,
  round: number,
  signal?: AbortSignal,
): Promise<Sent | undefined> {
  if ((await read(context, 'beacon', 'valueOf', [round])) !== ZeroHash) return undefined
  const found = await lookUpRound(context, round, signal)
  return found && showSignedRound(context, found)
}
