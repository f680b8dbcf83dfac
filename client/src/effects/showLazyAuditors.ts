import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { findLazy, showLazy } from '@trainyard/verifier/findLazy.ts'
import { innerBits } from '@trainyard/verifier/replaySalt.ts'
import { windowPath } from '@trainyard/verifier/segment.ts'
import type { OrderContext } from '../engine/context.ts'
import { innerSteps } from '../engine/innerSteps.ts'
import { endSegmentOf, firstSegmentOf, type Plan, windowOfSegment } from '../order/plan.ts'

/** What of each order was looked at, so that nothing is read or shown twice. */
const looked = new WeakMap<OrderContext, string>()

/**
 * Shows on chain which auditors of an order passed a segment without having replayed it: the seller alone knows the losses and
 * gradient norms of all of them, and has a tenth of such a seat. Looks again whenever somebody opened verdicts. Within a tolerance
 * honest replays differ, and nothing is shown.
 */
export async function showLazyAuditors(order: OrderContext): Promise<void> {
  const { chain, orderId, logger } = order
  const id = BigInt(orderId)
  const state = order.state()
  if (!('plan' in state) || !state.plan) return
  const { proof } = await order.job()
  const { outcome, revealed } = await readAudit(chain, id)
  const opened = `${outcome} ${revealed}`
  if (proof.mode === 'tolerance' || (outcome !== 'Pass' && revealed === 0) || looked.get(order) === opened)
    return
  for (const lazy of await findLazy(chain, id, (segment) => ownBits(order, segment))) {
    const { auditor } = lazy.opened
    try {
      await showLazy(chain, id, lazy, await leafOf(order, state.plan, lazy.segment))
      logger.warn({ msg: 'an auditor had not replayed, and lost its seat', orderId, auditor })
    } catch (error) {
      // Whatever was opened, this order is answered for and settled.
      if (error instanceof ChainUnreachable) throw error
      logger.warn({ msg: 'that an auditor had not replayed was not taken', orderId, auditor, err: error })
    }
  }
  looked.set(order, opened)
}

/** A segment's losses and gradient norms as they were trained here. */
function ownBits({ journal, orderId }: OrderContext, segment: number): string | undefined {
  const lines = journal.progressOf(orderId, segment)
  return lines === undefined ? undefined : innerBits(innerSteps(lines))
}

/** Its leaf and the path from it, as its window was committed. */
async function leafOf({ chain, journal, orderId }: OrderContext, plan: Plan, segment: number) {
  const window = windowOfSegment(plan, segment)
  const first = firstSegmentOf(plan, window)
  const { root, segments, lastStateRoot } = (await readWindow(chain, BigInt(orderId), window))!
  const leaves = journal.leavesOf(orderId, first, Math.min(endSegmentOf(plan, window), first + segments))
  const leaf = leaves[segment - first]!
  const path = windowPath(leaves, segment - first)
  return { leaf: { ...leaf, orderId: BigInt(leaf.orderId) }, root, segments, lastStateRoot, path }
}
