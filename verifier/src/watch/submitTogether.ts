import { ChainError, ChainUnreachable } from '@trainyard/contracts/errors.ts'
import type { AuditFacts as AuditPhase } from '@trainyard/contracts/readAudit.ts'
import type { ParameterFacts } from '@trainyard/contracts/readParameters.ts'
import { signVerdicts } from '@trainyard/contracts/signVerdicts.ts'
import { submitVerdicts } from '@trainyard/contracts/submitVerdicts.ts'
import { StoreUnavailable } from '../content/errors.ts'
import { isGenuineNote, type VerdictNote } from '../verdictNote.ts'
import type { Auditor } from './auditor.ts'
import { isSame } from './isSame.ts'
import type { VerdictRecord } from './journal.ts'
import { commitmentOf } from './onChain.ts'
import type { OrderWatch } from './orderWatch.ts'
import type { Assignment } from './readAssignment.ts'
import { exchangeNote } from './verdictBoard.ts'

const RETRY_MS = 1_000
const TURN_MS = 8_000

type Situation = {
  readonly phase: AuditPhase
  readonly parameters: ParameterFacts
  readonly assignment: Assignment
  readonly head: { readonly timestamp: number }
}

/**
 * Gives the whole panel's verdicts in one transaction: exchanges signed commitments, opens its own once every member's
 * is there, and hands all in when its turn has come (members take turns, so that not all pay for the same call). Being
 * bound by a signature before it sees another's verdicts, nobody can copy without losing its seat.
 * Returns false where the members have to commit on chain one by one: half of the commit phase is over, somebody has
 * begun to, or there is no board.
 */
export async function submitTogether(
  auditor: Auditor,
  watch: OrderWatch,
  record: VerdictRecord,
  { phase, parameters, assignment, head }: Situation,
): Promise<boolean> {
  const isLate = head.timestamp >= phase.deadlineAt - parameters.commitSeconds / 2
  const { panel, draw } = assignment
  if (phase.committed > 0 || (isLate && panel.length > 1)) return false
  const notes = await panelNotes(auditor, record, assignment)
  if (notes === 'none') return false
  for (const { auditor: member, commitment, signature } of notes) {
    const key = member.toLowerCase()
    if (watch.notes.get(key)?.draw !== draw) watch.notes.set(key, { commitment, signature, draw })
  }
  watch.retryAtMs = Date.now() + RETRY_MS
  if (notes.length < panel.length || notes.some(({ opening }) => !opening)) return true
  watch.openedMs ??= Date.now()
  const turn = panel.findIndex((member) => isSame(member, auditor.account))
  if (Date.now() < watch.openedMs + turn * TURN_MS) return true
  await handIn(auditor, watch, notes)
  return true
}

/** Notes of the panel's members in its order, as far as they are there; with openings only if every one is there. */
async function panelNotes(
  auditor: Auditor,
  record: VerdictRecord,
  { panel, draw }: Assignment,
): Promise<VerdictNote[] | 'none'> {
  const { context, signer, account, config, log } = auditor
  const { orderId, round, verdicts, salt, reportCid: report } = record
  const audit = { orderId, round, draw }
  const commitment = commitmentOf(auditor, record)
  const signature = await signVerdicts(context, signer, { ...audit, commitment })
  const own: VerdictNote = { auditor: account, draw, commitment, signature }
  const opened: VerdictNote = { ...own, opening: { verdicts: String(verdicts), salt, report } }
  if (panel.length === 1) return [opened]
  const genuine = (notes: readonly VerdictNote[]) =>
    panel.flatMap((member) => {
      const note = notes.find(({ auditor: by }) => isSame(by, member))
      return note && isGenuineNote(context.deployment, audit, note) ? [note] : []
    })
  try {
    const bound = genuine(await exchangeNote(config.store, orderId, own))
    if (bound.length < panel.length) return bound
    return genuine(await exchangeNote(config.store, orderId, opened))
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    if (error.status === 404) return 'none'
    log.warn({ orderId: String(orderId), err: error }, 'the panel cannot be reached now')
    return []
  }
}

async function handIn(auditor: Auditor, watch: OrderWatch, notes: readonly VerdictNote[]): Promise<void> {
  const { context, journal, emit, log } = auditor
  const { orderId } = watch
  const openings = notes.flatMap(({ signature, opening }) =>
    opening ? [{ ...opening, verdicts: BigInt(opening.verdicts), signature }] : [],
  )
  try {
    const { hash: txHash } = await submitVerdicts(context, { orderId, openings })
    journal.markCommitted(orderId)
    journal.markRevealed(orderId)
    emit({ event: 'revealed', orderId: String(orderId), txHash })
  } catch (error) {
    // It may have arrived, or the panel may be another one now: the next look tells.
    watch.unsure = true
    if (error instanceof ChainUnreachable) return
    if (!(error instanceof ChainError)) throw error
    log.warn({ orderId: String(orderId), err: error }, 'the verdicts were refused: looking at the draw again')
  }
}
