import { ZeroAddress, ZeroHash } from 'ethers'
import type { ChainContext } from './context.ts'
import { readAgreed } from './readAgreed.ts'
import { readAudit } from './readAudit.ts'
import { readDisputesOf } from './readDisputesOf.ts'
import { readDrawBeacon } from './readDrawBeacon.ts'
import { readJuryRound } from './readJuryRound.ts'
import { readOrder } from './readOrder.ts'
import { readRound } from './readRound.ts'
import { readWindowCount } from './readWindowCount.ts'

/** A drand round that draws, and that nobody has shown the contracts yet. */
export type AwaitedRound = {
  readonly round: number
  readonly draws: 'segments and panel' | 'larger panel' | 'jury'
}

/**
 * The rounds that an order waits for: its audit, or the juries of its disputes. Whether drand has them already is not looked at.
 * None where hashes of blocks draw. Throws ChainUnreachable
 */
export async function readAwaitedRounds(context: ChainContext, orderId: bigint): Promise<AwaitedRound[]> {
  if (context.deployment.beacon === ZeroAddress) return []
  const { status, terms } = await readOrder(context, orderId)
  // What both sellers of a refereed order came to is passed without a draw.
  const isAgreed = terms.mode === 'Refereed' && (await readAgreed(context, orderId))
  if (status === 'Auditing') return isAgreed ? [] : awaitedByAudit(context, orderId)
  if (status === 'Disputed') return awaitedByJuries(context, orderId)
  return []
}

/** Nothing once the audit's time is over: what it ends in does not depend on a draw any more. */
async function awaitedByAudit(context: ChainContext, orderId: bigint): Promise<AwaitedRound[]> {
  if ((await readWindowCount(context, orderId)) === 0) return []
  if ((await readAudit(context, orderId)).outcome !== 'Pending') return []
  const { position, value } = await readDrawBeacon(context, orderId)
  if (position === 0 || value !== ZeroHash) return []
  const isLarger = (await readRound(context, orderId)) !== 0
  return [{ round: position, draws: isLarger ? 'larger panel' : 'segments and panel' }]
}

async function awaitedByJuries(context: ChainContext, orderId: bigint): Promise<AwaitedRound[]> {
  const rounds = new Set<number>()
  for (const { disputeId, stage } of await readDisputesOf(context, orderId)) {
    if (stage !== 'Drawing') continue
    const round = await readJuryRound(context, disputeId)
    if (round !== undefined) rounds.add(round)
  }
  return [...rounds].map((round) => ({ round, draws: 'jury' as const }))
}
