import { ChainError } from '@trainyard/contracts/errors.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import type { Auditor } from './auditor.ts'
import type { OrderWatch } from './orderWatch.ts'

const WAIT_BLOCKS = 2
const WAIT_MS = 10_000 // a chain that mines no blocks must not wait for them
const SPREAD = 4

/** Settles an order that nobody has settled for two blocks. Auditors spread out, so that not all pay for the same call. */
export async function settleWhenDue(
  auditor: Auditor,
  watch: OrderWatch,
  head: { readonly blockNumber: number },
): Promise<void> {
  watch.outcomeSeen ??= { blockNumber: head.blockNumber, ms: Date.now() }
  const turn = Number(BigInt(auditor.account) % BigInt(SPREAD))
  const dueByBlocks = head.blockNumber >= watch.outcomeSeen.blockNumber + WAIT_BLOCKS + turn
  const dueByTime = Date.now() >= watch.outcomeSeen.ms + WAIT_MS + 2_000 * turn
  if (!dueByBlocks && !dueByTime) return
  try {
    const sent = await settleOrder(auditor.context, { orderId: watch.orderId })
    auditor.emit({ event: 'settled', orderId: String(watch.orderId), txHash: sent.hash })
  } catch (error) {
    const others = error instanceof ChainError && error.errorName === 'MarketUnexpectedStatus'
    const early = error instanceof ChainError && error.errorName === 'MarketTooEarly'
    if (!others && !early) throw error
    watch.outcomeSeen = undefined
  }
}
