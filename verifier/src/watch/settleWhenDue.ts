import { ChainError } from '@trainyard/contracts/errors.ts'
import type { AuditFacts } from '@trainyard/contracts/readAudit.ts'
import { settleOrder } from '@trainyard/contracts/settleOrder.ts'
import type { Auditor } from './auditor.ts'
import type { OrderWatch } from './orderWatch.ts'
import type { Head } from './stepOrder.ts'

const WAIT_BLOCKS = 2
const WAIT_MS = 10_000 // a chain that mines no blocks must not wait for them
const SPREAD = 4
const EARLY = ['MarketTooEarly', 'ProofsStillChallengeable']

/** Settles an order that nobody has settled for two blocks, a passed one once it can no longer be challenged; where
 * the first panel left it undecided this has the larger one drawn. Auditors spread out, so that not all pay for the same call. */
export async function settleWhenDue(
  auditor: Auditor,
  watch: OrderWatch,
  phase: AuditFacts,
  head: Head,
): Promise<void> {
  if (phase.outcome === 'Pass' && head.timestamp < phase.deadlineAt) return
  watch.outcomeSeen ??= { blockNumber: head.blockNumber, ms: Date.now() }
  const turn = Number(BigInt(auditor.account) % BigInt(SPREAD))
  const dueByBlocks = head.blockNumber >= watch.outcomeSeen.blockNumber + WAIT_BLOCKS + turn
  const dueByTime = Date.now() >= watch.outcomeSeen.ms + WAIT_MS + 2_000 * turn
  if (!dueByBlocks && !dueByTime) return
  try {
    const sent = await settleOrder(auditor.context, { orderId: watch.orderId })
    const event = phase.outcome === 'Undecided' ? 'redrawn' : 'settled'
    auditor.emit({ event, orderId: String(watch.orderId), txHash: sent.hash })
  } catch (error) {
    const others = error instanceof ChainError && error.errorName === 'MarketUnexpectedStatus'
    const early = error instanceof ChainError && EARLY.includes(error.errorName)
    if (!others && !early) throw error
    watch.outcomeSeen = undefined
  }
}
