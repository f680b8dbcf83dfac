import { commitVerdicts } from '@trainyard/contracts/commitVerdicts.ts'
import { ChainError, ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { type AuditFacts as AuditPhase, readAudit } from '@trainyard/contracts/readAudit.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import type { OrderFacts } from '@trainyard/contracts/readOrder.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { revealVerdicts } from '@trainyard/contracts/revealVerdicts.ts'
import { closeReasons } from '@trainyard/contracts/words.ts'
import type { Auditor } from './auditor.ts'
import { challengeFaults, says } from './challengeFaults.ts'
import { challengeStall } from './challengeStall.ts'
import { challengeUnserved } from './challengeUnserved.ts'
import { decide } from './decide.ts'
import type { VerdictRecord } from './journal.ts'
import { NotYet } from './NotYet.ts'
import { commitmentOf, isCommitted, isRevealed } from './onChain.ts'
import type { OrderWatch } from './orderWatch.ts'
import type { Assignment } from './readAssignment.ts'
import { submitTogether } from './submitTogether.ts'

const MIN_TRIES = 3
const RETRY_MS = 2_000

type Situation = {
  readonly order: OrderFacts
  readonly phase: AuditPhase
  readonly parameters: ParameterFacts
  readonly assignment: Assignment
  readonly head: { readonly timestamp: number }
}

/**
 * A drawn auditor's next step: decide and journal, then commit and reveal; what is wrong it challenges instead. What is not served
 * it only says, of a first panel: a larger one is served it again, and challenges it where it is not.
 */
export async function giveVerdicts(auditor: Auditor, watch: OrderWatch, situation: Situation): Promise<void> {
  watch.firstTryMs ||= Date.now()
  const record = await currentRecord(auditor, watch, situation)
  if (!record) {
    if (Date.now() >= watch.retryAtMs) await tryToDecide(auditor, watch, situation)
    // The commitment follows at the next look, from the journal, as after a crash.
  } else if (!record.committed) {
    if (Date.now() < watch.retryAtMs) return
    if (!says(record, 'fail') && !says(record, 'unavailable')) {
      if (!(await isStallLookedInto(auditor, watch, situation))) return
      if (await submitTogether(auditor, watch, record, situation)) return
    } else if (says(record, 'fail') && !isChallenged(auditor, watch)) {
      const times = timing(watch, situation)
      await challengeFaults(auditor, watch, record, { order: situation.order, ...times })
      const isStill = auditor.journal.recordOf(watch.orderId) !== undefined
      if (isChallenged(auditor, watch) || !isStill || !times.isLate) return
      // It lacks the bond: what it found is said all the same, or the seat would go for silence.
    }
    // Also what a challenge that was refuted was about: a verdict that changes nothing is not silence.
    await commit(auditor, watch, record, situation)
  } else if (!record.revealed) {
    await reveal(auditor, record, situation.order)
  } else {
    await challengeUnserved(auditor, watch, record, situation)
  }
}

function isChallenged({ journal }: Auditor, { orderId }: OrderWatch): boolean {
  return journal.challengeOf(orderId) !== undefined
}

/** The journal's record of this share. One for a draw that moved on before anything was committed is set aside: it may come back. */
async function currentRecord(
  auditor: Auditor,
  watch: OrderWatch,
  { order, assignment }: Situation,
): Promise<VerdictRecord | undefined> {
  const { journal } = auditor
  const { orderId, round } = watch
  const record = journal.recordOf(orderId)
  if (record?.committed) return record
  if (record && watch.unsure) {
    const revealed = await isRevealed(auditor, record, order)
    const committed = revealed || (await isCommitted(auditor, record, order))
    if (committed) journal.markCommitted(orderId)
    if (revealed) journal.markRevealed(orderId)
    watch.unsure = false
    if (committed) return { ...record, committed, revealed }
  }
  // Another panel may have given it the same share: then they are still about that.
  const about = ({ segments, positions }: Pick<VerdictRecord, 'segments' | 'positions'>) =>
    `${segments} ${positions}`
  if (record && about(record) === about(assignment)) return record
  return journal.takeUp(orderId, round, assignment)
}

/**
 * The last try is one of several over at least half of the commit phase, or any in its last third. Every try ends with
 * a third of the phase left to send in; one that begins late, with half of what is left. Both clocks count: the
 * chain's may stand still while no blocks come, and this machine's knows nothing from before it started.
 */
function timing(watch: OrderWatch, { phase, parameters, head }: Situation) {
  const phaseMs = parameters.commitSeconds * 1_000
  const now = Date.now()
  const leftMs = Math.min((phase.deadlineAt - head.timestamp) * 1_000, watch.firstTryMs + phaseMs - now)
  const isLate = leftMs < phaseMs / 3
  const final = isLate || (watch.tries > MIN_TRIES && leftMs <= phaseMs / 2)
  return { isLate, final, giveUpAtMs: now + Math.max(leftMs - phaseMs / 3, leftMs / 2) }
}

/** A job that is said to stall may be going on until it is nearly too late to pass the order. */
async function isStallLookedInto(
  auditor: Auditor,
  watch: OrderWatch,
  situation: Situation,
): Promise<boolean> {
  const { order } = situation
  if (order.closeReason !== closeReasons.JOB_STALLED) return true
  const { isLate: isLast, giveUpAtMs } = timing(watch, situation)
  return challengeStall(auditor, watch, { order, isLast, giveUpAtMs })
}

async function tryToDecide(auditor: Auditor, watch: OrderWatch, situation: Situation): Promise<void> {
  watch.tries++
  const { order, assignment } = situation
  const { orderId, round, runs } = watch
  try {
    await decide(auditor, { orderId, round, order, assignment, runs, ...timing(watch, situation) })
    runs.clear()
    watch.unsure = false
  } catch (error) {
    if (!(error instanceof NotYet)) throw error
    watch.retryAtMs = Date.now() + RETRY_MS
    auditor.log.warn(
      { orderId: String(watch.orderId), tries: watch.tries },
      `no verdict yet: ${error.message}`,
    )
  }
}

async function commit(
  auditor: Auditor,
  watch: OrderWatch,
  record: VerdictRecord,
  { order, phase }: Situation,
): Promise<void> {
  const { context, journal, emit, log } = auditor
  const { orderId } = watch
  try {
    const sent = await commitVerdicts(context, { orderId, commitment: commitmentOf(auditor, record) })
    journal.markCommitted(orderId)
    emit({ event: 'committed', orderId: String(orderId), txHash: sent.hash })
  } catch (error) {
    watch.unsure = error instanceof ChainUnreachable
    const refusals = ['ProofsWrongPhase', 'ProofsNotDrawn', 'ProofsAlreadyCommitted']
    if (!(error instanceof ChainError && refusals.includes(error.errorName))) throw error
    if (await isCommitted(auditor, record, order)) return journal.markCommitted(orderId)
    watch.missed = error.errorName === 'ProofsWrongPhase' && (await isOver(auditor, orderId, phase))
    watch.retryAtMs = Date.now() + RETRY_MS
    const about = { orderId: String(orderId), err: error }
    if (watch.missed) log.error(about, 'these verdicts can no longer be given: the seat is at risk')
    else log.warn(about, 'not drawn now, or not by this node: looking at the draw again')
  }
}

/** Whether the phase that was seen has ended since: until then the panel may change, or a node may have lagged. */
async function isOver(auditor: Auditor, orderId: bigint, seen: AuditPhase): Promise<boolean> {
  const [{ timestamp }, { deadlineAt }] = await Promise.all([
    readHead(auditor.context),
    readAudit(auditor.context, orderId),
  ])
  return timestamp >= seen.deadlineAt || deadlineAt > seen.deadlineAt
}

async function reveal(auditor: Auditor, record: VerdictRecord, order: OrderFacts): Promise<void> {
  const { context, journal, emit } = auditor
  const { orderId, verdicts, salt, reportCid } = record
  try {
    const sent = await revealVerdicts(context, { orderId, verdicts, salt, report: reportCid })
    journal.markRevealed(orderId)
    emit({ event: 'revealed', orderId: String(orderId), txHash: sent.hash })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    // Others have yet to commit; or it was revealed by a process that died before it could write that down.
    if (error.errorName === 'ProofsWrongPhase') return
    if (!(error.errorName === 'ProofsBadReveal' && (await isRevealed(auditor, record, order)))) throw error
    journal.markRevealed(orderId)
  }
}
