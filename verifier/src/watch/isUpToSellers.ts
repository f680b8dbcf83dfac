import { ChainError } from '@trainyard/contracts/errors.ts'
import { passAgreed } from '@trainyard/contracts/passAgreed.ts'
import { readAgreed } from '@trainyard/contracts/readAgreed.ts'
import type { AuditFacts } from '@trainyard/contracts/readAudit.ts'
import type { Auditor } from './auditor.ts'
import type { OrderWatch } from './orderWatch.ts'

/** Sellers pass what they agree on by themselves. */
const PATIENCE_MS = 60_000

/**
 * Whether a refereed order is none of an auditor's: its twin still runs, or both sellers came to the same, and nobody replays
 * it. What they agree on and leave lying is passed after a minute, or the buyer's audit fee would lie there, too.
 */
export async function isUpToSellers(
  { context, log }: Auditor,
  watch: OrderWatch,
  { deadlineAt }: AuditFacts,
): Promise<boolean> {
  if (deadlineAt === 0) return true
  const { orderId } = watch
  if (!(await readAgreed(context, orderId))) return false
  watch.agreedMs ??= Date.now()
  if (Date.now() < watch.agreedMs + PATIENCE_MS) return true
  watch.agreedMs = Date.now() // once more in a minute
  try {
    await passAgreed(context, { orderId })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.info({ orderId: String(orderId), err: error }, 'what the pair agrees on was not passed')
  }
  return true
}
