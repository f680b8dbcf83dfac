import { ChainError } from '@trainyard/contracts/errors.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { MAX_EVIDENCE_BYTES, parseEvidence } from '../evidence.ts'
import { findLazy, showLazy } from '../findLazy.ts'
import { windowPath } from '../segment.ts'
import { readAuditFacts } from './auditFacts.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'

/**
 * Once an order has passed: compares the others' salts with what this auditor's own replays give, of the segments that it shares
 * with them, and shows on chain who has not replayed.
 */
export async function checkReplays(auditor: Auditor, orderId: bigint, order: OrderFacts): Promise<void> {
  const { context, account, journal, emit, log } = auditor
  const record = journal.recordOf(orderId)
  if (!record) return
  const bits = new Map(record.segments.map((segment, i) => [segment, record.inner[i] || undefined]))
  for (const lazy of await findLazy(context, orderId, (segment) => bits.get(segment))) {
    const { auditor: by } = lazy.opened
    if (isSame(by, account)) continue
    try {
      const leaf = await leafOf(auditor, orderId, order, lazy.segment)
      const { hash: txHash } = await showLazy(context, orderId, lazy, leaf)
      emit({ event: 'lazy', orderId: String(orderId), auditor: by, txHash })
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      log.warn({ orderId: String(orderId), lazy: by, err: error }, 'that it has not replayed was not taken')
    }
  }
}

/** A segment's leaf and its path, as it was committed. */
async function leafOf({ context, content }: Auditor, orderId: bigint, order: OrderFacts, segment: number) {
  const { windows } = await readAuditFacts(context, orderId, order)
  const perWindow = order.terms.segmentsPerWindow
  const { evidence, root, segments, lastStateRoot } = windows[Math.floor(segment / perWindow)]!
  const { leaves } = parseEvidence(await content.get(evidence, MAX_EVIDENCE_BYTES))
  const leaf = leaves[segment % perWindow]!
  const path = windowPath(leaves, segment % perWindow)
  return { leaf: { ...leaf, orderId: BigInt(leaf.orderId) }, root, segments, lastStateRoot, path }
}
