import type { AuditFacts as AuditPhase } from '@trainyard/contracts/readAudit.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import type { Auditor } from './auditor.ts'
import { says } from './challengeFaults.ts'
import { challengeSegment } from './challengeSegment.ts'
import { isSame } from './isSame.ts'
import type { VerdictRecord } from './journal.ts'
import type { OrderWatch } from './orderWatch.ts'
import { panelOf, unservedOf } from './unserved.ts'

type Situation = {
  readonly order: OrderFacts
  readonly phase: AuditPhase
  readonly parameters: ParameterFacts
  readonly head: { readonly timestamp: number }
}

/**
 * Challenges what its seller did not serve again, once the larger panel has spoken: a segment that two thirds of that panel say
 * is `unavailable`, itself among them, and which still is not served. Jurors find the same by what the panel said. Fewer, as one
 * of a first panel, only say it: it may be their own line that is down. Members take turns. Throws NotYet, ChainError, ChainUnreachable.
 */
export async function challengeUnserved(
  auditor: Auditor,
  watch: OrderWatch,
  record: VerdictRecord,
  { order, phase, parameters, head }: Situation,
): Promise<void> {
  const { journal, account, log } = auditor
  const { orderId, round } = watch
  if (round === 0 || watch.served || journal.challengeOf(orderId) !== undefined) return
  if (!says(record, 'unavailable') || Date.now() < watch.retryAtMs) return
  // Later reveals may tell otherwise, while they leave time for a challenge.
  const isLate = head.timestamp >= phase.deadlineAt - parameters.revealSeconds / 3
  if (phase.revealed < phase.committed && !isLate) return

  const unserved = unservedOf(record, await panelOf(auditor, orderId, order))
  if (!unserved) return
  const { segment, by } = unserved
  const leftMs = Math.max(0, phase.deadlineAt - head.timestamp) * 1_000
  // A seller that does not answer takes the whole eighth; all turns have come when half of the time is over.
  const turn = by.findIndex((member) => isSame(member, account)) / by.length
  watch.unservedAtMs ??= Date.now() + (turn * leftMs) / 2
  if (Date.now() < watch.unservedAtMs) return
  const giveUpAtMs = Date.now() + leftMs / 8
  if ((await challengeSegment(auditor, watch, { order, segment, giveUpAtMs })) !== 'passes') return
  watch.served = true
  log.warn({ orderId: String(orderId), segment }, 'what was not served is now: nothing to challenge')
}
