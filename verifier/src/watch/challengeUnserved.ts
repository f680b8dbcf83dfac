import type { AuditFacts as AuditPhase } from '@trainyard/contracts/readAudit.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { unpackVerdicts } from '@trainyard/contracts/verdictCommitment.ts'
import type { Auditor } from './auditor.ts'
import { says } from './challengeFaults.ts'
import { challengeSegment } from './challengeSegment.ts'
import { isSame } from './isSame.ts'
import type { VerdictRecord } from './journal.ts'
import { eventsOfRound } from './onChain.ts'
import type { OrderWatch } from './orderWatch.ts'

const MAX_DRAWN = 128 // a word holds no more

const wordsIn = (verdicts: bigint) => unpackVerdicts(verdicts, MAX_DRAWN)

/** What a member of the panel revealed. */
type Said = { readonly auditor: string; readonly verdicts: bigint }

type Situation = {
  readonly order: OrderFacts
  readonly phase: AuditPhase
  readonly parameters: ParameterFacts
  readonly head: { readonly timestamp: number }
}

/**
 * Challenges what its seller did not serve again, once the larger panel has spoken: a segment of which at least half of what that
 * panel says is `unavailable`, its own word among it, and which still is not served. One says it for the first panel, or alone,
 * without a challenge: it may be its own line that is down. Members take turns. Throws NotYet, ChainError, ChainUnreachable.
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

  const unserved = unservedOf(record, await saidByPanel(auditor, orderId, order))
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

/**
 * The lowest segment that this record says is not served, as does at least half of what the panel says of it, and who says so. Of what
 * most of the panel was served nobody needs a challenge: it passes.
 */
export function unservedOf(
  record: Pick<VerdictRecord, 'segments' | 'positions' | 'verdicts'>,
  said: readonly Said[],
): { segment: number; by: readonly string[] } | undefined {
  const own = wordsIn(record.verdicts)
  const found = record.positions.flatMap((position, i) => {
    const about = said.filter(({ verdicts }) => wordsIn(verdicts)[position] !== 'none')
    const by = about.flatMap(({ auditor, verdicts }) =>
      wordsIn(verdicts)[position] === 'unavailable' ? [auditor] : [],
    )
    const isUnserved = own[position] === 'unavailable' && 2 * by.length >= about.length
    return isUnserved ? [{ segment: record.segments[i]!, by }] : []
  })
  return found.sort((a, b) => a.segment - b.segment)[0]
}

async function saidByPanel(auditor: Auditor, orderId: bigint, order: OrderFacts): Promise<Said[]> {
  const events = await eventsOfRound(auditor, orderId, order)
  return events.flatMap(({ name, args }) =>
    name === 'VerdictsRevealed' && args.orderId === orderId
      ? [{ auditor: args.auditor, verdicts: args.verdicts }]
      : [],
  )
}
