import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderParameters } from '@trainyard/contracts/readOrderParameters.ts'
import { readRound } from '@trainyard/contracts/readRound.ts'
import { readWindowCount } from '@trainyard/contracts/readWindowCount.ts'
import type { Auditor } from './auditor.ts'
import { checkReplays } from './checkReplays.ts'
import { equivocate } from './equivocate.ts'
import { giveVerdicts } from './giveVerdicts.ts'

import { isUpToSellers } from './isUpToSellers.ts'

import { isRevealed } from './onChain.ts'
import { createOrderWatch, type OrderWatch } from './orderWatch.ts'
import { pinWhenDue } from './pinWhenDue.ts'
import { readAssignment } from './readAssignment.ts'
import { settleWhenDue } from './settleWhenDue.ts'
import { showTwoCommitments } from './showTwoCommitments.ts'

export type Head = { readonly blockNumber: number; readonly timestamp: number }

/**
 * Does whatever is next for one ended order: audit, commit, reveal, settle. Safe to call again at any time: what was
 * done is known from the chain and the journal, never assumed. Returns false once nothing is left to do.
 */
export async function stepOrder(auditor: Auditor, watch: OrderWatch, head: Head): Promise<boolean> {
  const { context, account } = auditor
  const { orderId } = watch
  const order = await readOrder(context, orderId)
  if (order.status !== 'Auditing') {
    await noteReveal(auditor, order, orderId)
    return order.settledAt === 0
  }
  await beginRound(auditor, watch)
  const phase = await readAudit(context, orderId)
  if (phase.outcome !== 'Pending' || (await readWindowCount(context, orderId)) === 0) {
    await noteReveal(auditor, order, orderId)
    if (!watch.checkedOthers) {
      await showTwoCommitments(auditor, watch, order)
      if (phase.outcome === 'Pass') await checkReplays(auditor, orderId, order)
      watch.checkedOthers = true
    }
    await settleWhenDue(auditor, watch, phase, head)
    return true
  }
  const isPair = order.terms.mode === 'Refereed'
  if (isPair && (await isUpToSellers(auditor, watch, phase))) return true
  watch.compared ||= await equivocate(auditor, orderId, order)
  const parameters = await readOrderParameters(context, orderId)
  const opensAt = isPair ? phase.deadlineAt - parameters.commitSeconds : undefined
  await pinWhenDue(auditor, watch, { order, parameters, opensAt, head })
  const assignment = await readAssignment(context, orderId, account)
  if (assignment && !watch.missed) {
    await giveVerdicts(auditor, watch, { order, phase, parameters, assignment, head })
  }
  return true
}

/** Where a larger panel sits now: what was done for the first one is done with. */
async function beginRound({ context, journal, log }: Auditor, watch: OrderWatch): Promise<void> {
  const { orderId, runs } = watch
  const round = await readRound(context, orderId)
  journal.moveOn(orderId, round)
  if (round === watch.round) return
  Object.assign(watch, createOrderWatch(orderId), { round, runs })
  log.info({ orderId: String(orderId) }, 'the first panel left it undecided: a larger one is drawn')
}

/** The process may have died between revealing and writing that down; its report must be published all the same. */
async function noteReveal(auditor: Auditor, order: OrderFacts, orderId: bigint): Promise<void> {
  const record = auditor.journal.recordOf(orderId)
  if (!record || record.revealed || !(await isRevealed(auditor, record, order))) return
  auditor.journal.markCommitted(orderId)
  auditor.journal.markRevealed(orderId)
}
