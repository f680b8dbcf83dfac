import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { MAX_EVIDENCE_BYTES, parseEvidence } from '@trainyard/verifier/evidence.ts'
import { firstDivergence } from '@trainyard/verifier/referee/firstDivergence.ts'
import { type SegmentLeaf, windowPath, windowRoot } from '@trainyard/verifier/segment.ts'
import type { OrderContext } from '../engine/context.ts'
import { firstSegmentOf, type Plan } from '../order/plan.ts'

const TIMEOUT_MS = 15_000

/** The first segment on which a refereed order's twin came to something else, and what it committed there. */
export type Difference = {
  window: number
  segment: number
  own: SegmentLeaf
  /** The twin's leaf, in its window as committed. */
  claim: { leaf: SegmentLeaf; root: string; segments: number; lastStateRoot: string; path: string[] }
}

/**
 * Looks for it in the first window that ends in another state than this machine's; undefined: there is none in what both have
 * opened. Throws ContentUnavailable where the twin does not serve what it committed, which is for its auditors to find.
 * @param pair.from the first window to look at
 * @param pair.windows how many both have opened
 */
export async function findDifference(
  order: OrderContext,
  pair: { plan: Plan; twin: bigint; from: number; windows: number },
): Promise<Difference | undefined> {
  const { plan, twin, from, windows } = pair
  for (let window = from; window < windows; window++) {
    const found = await readWindow(order.chain, twin, window)
    const own = leavesOf(order, plan, window)
    if (!found || found.lastStateRoot === own.at(-1)?.stateRootAfter) continue
    return inWindow(order, { window, own, first: firstSegmentOf(plan, window), found })
  }
  return undefined
}

function leavesOf({ journal, orderId }: OrderContext, plan: Plan, window: number): SegmentLeaf[] {
  const first = firstSegmentOf(plan, window)
  return journal.leavesOf(orderId, first, first + plan.segmentsPerWindow)
}

async function inWindow(
  { config }: OrderContext,
  args: {
    window: number
    own: readonly SegmentLeaf[]
    first: number
    found: NonNullable<Awaited<ReturnType<typeof readWindow>>>
  },
): Promise<Difference | undefined> {
  const { window, own, first, found } = args
  const { evidence: cid, root, segments, lastStateRoot } = found
  const bytes = await fetchContent({
    cid,
    gateway: config.store,
    maxBytes: MAX_EVIDENCE_BYTES,
    timeoutMs: TIMEOUT_MS,
  })
  const { leaves } = parseEvidence(bytes)
  if (windowRoot(leaves) !== root) return undefined // what it serves is not what it committed
  // One of them may have been cancelled earlier, with a short last window.
  const position = firstDivergence(own, leaves)?.segment
  if (position === undefined) return undefined
  const claim = {
    leaf: leaves[position]!,
    root,
    segments,
    lastStateRoot,
    path: windowPath(leaves, position),
  }
  return { window, segment: first + position, own: own[position]!, claim }
}
