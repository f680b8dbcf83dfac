import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import { unpackVerdicts, type VerdictName } from '@trainyard/contracts/verdictCommitment.ts'
import type { Auditor } from './auditor.ts'
import { challengeSegment } from './challengeSegment.ts'
import type { VerdictRecord } from './journal.ts'
import type { OrderWatch } from './orderWatch.ts'

/** Whether it says this of any segment. */
export function says({ positions, verdicts }: VerdictRecord, word: VerdictName): boolean {
  return unpackVerdicts(verdicts, Math.max(...positions) + 1).includes(word)
}

/**
 * Challenges the wrong segment lowest in the training that an auditor found, once per order. Throws NotYet, ChainError,
 * ChainUnreachable.
 */
export async function challengeFaults(
  auditor: Auditor,
  watch: OrderWatch,
  record: VerdictRecord,
  situation: { readonly order: OrderFacts; readonly giveUpAtMs: number },
): Promise<void> {
  const { journal, log } = auditor
  const { orderId } = watch
  if (!says(record, 'fail') || journal.challengeOf(orderId) !== undefined) return
  const given = unpackVerdicts(record.verdicts, Math.max(...record.positions) + 1)
  const failed = record.segments.filter((_, i) => given[record.positions[i]!] === 'fail')
  const segment = Math.min(...failed)
  if ((await challengeSegment(auditor, watch, { ...situation, segment })) !== 'passes') return
  // What was served first and what is now differ: the order is audited anew.
  log.warn({ orderId: String(orderId), segment }, 'what was wrong is right now: nothing to challenge')
  journal.discard(orderId)
}
