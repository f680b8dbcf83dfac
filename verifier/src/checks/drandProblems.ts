import { roundAt } from '../beacon/drand/network.ts'
import { isRound } from '../beacon/drand/readRound.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'

/**
 * What is wrong with a window's drand round: it has to be the one that its anchor's time fixes, the network's signature has to be
 * on it, and the window was committed once it was there. Of a refereed order either of the two may have anchored it, so it may
 * be an earlier one.
 */
export function drandProblems({ drand, windows, twin }: OrderRecord, window: number): string[] {
  if (!drand) return []
  const { beacon, beaconBlock: round, committedAt, roundSignature } = windows[window]!
  const anchors = [drand.placedAt, drand.startedAt, ...windows.map((earlier) => earlier.committedAt)]
  const anchor = anchors[window]
  if (committedAt === undefined || anchor === undefined || !roundSignature)
    return ['its times and its round’s signature are not in the record']
  const problems: string[] = []
  const due = roundAt(drand, 1000 * anchor) + 1 + drand.marginRounds
  if (twin === undefined ? round !== due : round > due)
    problems.push(`its seed is round ${round}, and not ${due}, the first that was not there`)
  if (round > roundAt(drand, 1000 * committedAt)) problems.push('committed before its round was there')
  const [x, y] = roundSignature
  const publicKey = drand.publicKey.map(BigInt) as [bigint, bigint, bigint, bigint]
  const shown = { round, value: beacon, signature: [BigInt(x), BigInt(y)] as const }
  if (!isRound(publicKey, shown)) problems.push(`what it calls round ${round} is not the network's`)
  return problems
}
