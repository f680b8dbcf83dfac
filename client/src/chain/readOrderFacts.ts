import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import type { ChainFacts } from '../order/action.ts'

/** Stop this long before the paid time is over, so that orderFailed still comes first. */
const OVERRUN_MARGIN_MS = 3_000

/**
 * Reads what the chain's views say about an order. Deadlines are on this machine's clock: a chain whose
 * clock runs ahead (a warped devnet) is allowed for, one that merely has mined no block lately is not behind.
 * Throws ChainUnreachable if the node does not answer.
 */
export async function readOrderFacts(
  chain: ChainContext,
  lastWindowSeconds: number,
  headTimestamp: number,
  orderId: string,
): Promise<ChainFacts> {
  const id = BigInt(orderId)
  const order = await readOrder(chain, id)
  const windowCount = await readWindowCount(chain, id)
  const nowMs = Date.now()
  const aheadMs = Math.max(0, headTimestamp * 1000 - nowMs)
  const { startedAt, endedAt, terms } = order
  return {
    status: order.status,
    closeReason: order.closeReason,
    windowCount,
    nowMs,
    overrunAtMs: startedAt === 0 ? 0 : (startedAt + terms.maxSeconds) * 1000 - aheadMs - OVERRUN_MARGIN_MS,
    lastWindowUntilMs: endedAt === 0 ? 0 : (endedAt + lastWindowSeconds) * 1000 - aheadMs,
  }
}
