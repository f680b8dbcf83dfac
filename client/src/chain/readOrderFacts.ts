import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import type { ChainFacts } from '../order/action.ts'

/** Stop this long before the paid time is over, so that orderFailed still comes first. */
const OVERRUN_MARGIN_MS = 3_000

/**
 * Reads what the chain's views say about an order.
 * @param nowMs the chain's time, see Head
 * Throws ChainUnreachable if the node does not answer.
 */
export async function readOrderFacts(
  chain: ChainContext,
  lastWindowSeconds: number,
  nowMs: number,
  orderId: string,
): Promise<ChainFacts> {
  const id = BigInt(orderId)
  const order = await readOrder(chain, id)
  const windowCount = await readWindowCount(chain, id)
  const { startedAt, endedAt, terms } = order
  const opened = terms.mode === 'Refereed' ? { openedCount: (await readOpened(chain, id)).windows } : {}
  return {
    status: order.status,
    closeReason: order.closeReason,
    windowCount,
    ...opened,
    nowMs,
    overrunAtMs: startedAt === 0 ? 0 : (startedAt + terms.maxSeconds) * 1000 - OVERRUN_MARGIN_MS,
    lastWindowUntilMs: endedAt === 0 ? 0 : (endedAt + lastWindowSeconds) * 1000,
  }
}
