import { challenge } from '@trainyard/contracts/challenge.ts'
import { challengeSteps } from '@trainyard/contracts/challengeSteps.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Sent } from '@trainyard/contracts/send.ts'
import { windowPath } from '../segment.ts'
import type { AuditFacts } from './auditFacts.ts'
import type { AuditedSegment } from './auditOrder.ts'

/** What Disputes takes. */
const MAX_STEPS = 256

/**
 * Challenges a segment of an order in audit: where its replay came to another state, with the state root after each step, so
 * that the jury has one step to decide; else as a whole. Throws ChainError and ChainUnreachable.
 */
export async function sendChallenge(
  context: ChainContext,
  facts: AuditFacts,
  { replayed }: AuditedSegment,
  segment: number,
): Promise<Sent & { disputeId: bigint }> {
  const { orderId, order, windows } = facts
  const perWindow = order.terms.segmentsPerWindow
  const roots = await replayed?.rerun.stepRoots?.(replayed.before, segment)
  const leaf = replayed?.leaves[segment % perWindow]
  const differs = roots !== undefined && leaf !== undefined && roots.at(-1) !== leaf.stateRootAfter
  if (!replayed || !differs || roots.length > MAX_STEPS) return challenge(context, { orderId, segment })
  const { root, segments, lastStateRoot } = windows[Math.floor(segment / perWindow)]!
  const path = windowPath(replayed.leaves, segment % perWindow)
  const claim = {
    leaf: { ...leaf, orderId: BigInt(leaf.orderId) },
    root,
    segments,
    lastStateRoot,
    path,
  }
  return challengeSteps(context, { orderId, claim, roots })
}
