import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindow } from '@trainyard/contracts/readWindow.ts'
import { ContentTooLarge, ContentUnsupported } from '@trainyard/verifier/content/errors.ts'
import { fetchContent } from '@trainyard/verifier/content/fetchContent.ts'
import { MAX_EVIDENCE_BYTES, parseEvidence } from '@trainyard/verifier/evidence.ts'
import type { OrderContext } from '../engine/context.ts'
import type { Plan } from '../order/plan.ts'
import { type Difference, differenceIn, type TwinWindow } from './differenceIn.ts'

const TIMEOUT_MS = 15_000

/**
 * Looks for the first difference in the first window that ends in another state than this machine's; undefined: there is none in what
 * both have opened. Throws ContentUnavailable where the twin does not serve what it committed, which is for its auditors to find.
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
    const kept = order.journal.evidenceOf(order.orderId, window)
    if (!found || !kept) continue
    const own = parseEvidence(kept.bytes)
    if (found.lastStateRoot === own.leaves.at(-1)!.stateRootAfter) continue
    const { seller } = await readOrder(order.chain, twin)
    const at: TwinWindow = { ...found, orderId: twin, seller, window }
    const { deployment } = order.chain
    return differenceIn({ own, at, plan, deployment, bytes: await fetchEvidence(order, found.evidence) })
  }
  return undefined
}

/** What is under that CID, or why nothing ever is. */
async function fetchEvidence({ config }: OrderContext, cid: string): Promise<Uint8Array | string> {
  try {
    const limits = { maxBytes: MAX_EVIDENCE_BYTES, timeoutMs: TIMEOUT_MS }
    return await fetchContent({ cid, gateway: config.store, ...limits })
  } catch (error) {
    if (error instanceof ContentUnsupported || error instanceof ContentTooLarge) return error.message
    throw error
  }
}
