import { ChainError } from '@trainyard/contracts/errors.ts'
import { proveNoReplay } from '@trainyard/contracts/proveNoReplay.ts'
import { type OpenedVerdicts, readOpenings } from '@trainyard/contracts/readOpenings.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { readPass } from '@trainyard/contracts/readPass.ts'
import { packVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import { MAX_EVIDENCE_BYTES, parseEvidence } from '../evidence.ts'
import { replaySalt } from '../replaySalt.ts'
import { windowPath } from '../segment.ts'
import { readAuditFacts } from './auditFacts.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import type { VerdictRecord } from './journal.ts'

/**
 * Once an order has passed: compares every other member's salt with what this auditor's own replay gives, and shows on
 * chain who has not replayed. Does nothing where this auditor did not pass every drawn segment itself.
 */
export async function checkReplays(auditor: Auditor, orderId: bigint, order: OrderFacts): Promise<void> {
  const record = auditor.journal.recordOf(orderId)
  if (!record || record.inner.length !== record.segments.length) return
  for (const opened of await readOpenings(auditor.context, orderId)) {
    if (isSame(opened.auditor, auditor.account) || !isLazy(record, opened)) continue
    await show(auditor, record, order, opened)
  }
}

/** Passed everything with a salt that no replay gives. */
export function isLazy(record: VerdictRecord, opened: OpenedVerdicts): boolean {
  const { orderId, segments, inner: bits } = record
  if (opened.verdicts !== packVerdicts(segments.map(() => 'pass'))) return false
  return opened.salt !== replaySalt({ orderId, auditor: opened.auditor, bits })
}

async function show(
  auditor: Auditor,
  record: VerdictRecord,
  order: OrderFacts,
  opened: OpenedVerdicts,
): Promise<void> {
  const { context, emit, log } = auditor
  const { orderId, inner } = record
  const { auditor: lazy, salt, report, signature } = opened
  const leaves = await proofsOf(auditor, record, order)
  const agreeing = (await readPass(context, orderId))?.agreeing ?? []
  const claim = { auditor: lazy, salt, report, signature, agreeing, leaves, inner: [...inner] }
  try {
    const { hash: txHash } = await proveNoReplay(context, { orderId, claim })
    emit({ event: 'lazy', orderId: String(orderId), auditor: lazy, txHash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    log.warn({ orderId: String(orderId), lazy, err: error }, 'that it has not replayed was not taken')
  }
}

/** Each drawn segment's leaf and its path, as it was committed. */
async function proofsOf({ context, content }: Auditor, record: VerdictRecord, order: OrderFacts) {
  const { windows } = await readAuditFacts(context, record.orderId, order)
  const perWindow = order.terms.segmentsPerWindow
  return Promise.all(
    record.segments.map(async (segment) => {
      const { evidence, root, segments, lastStateRoot } = windows[Math.floor(segment / perWindow)]!
      const { leaves } = parseEvidence(await content.get(evidence, MAX_EVIDENCE_BYTES))
      const leaf = leaves[segment % perWindow]!
      const path = windowPath(leaves, segment % perWindow)
      return { leaf: { ...leaf, orderId: BigInt(leaf.orderId) }, root, segments, lastStateRoot, path }
    }),
  )
}
