import { closeReasonName, closeReasons } from '@trainyard/contracts/words.ts'
import { assertUnreachable } from '../../assertUnreachable.ts'
import type { ChainFacts } from '../action.ts'
import { endSegmentOf, firstSegmentOf } from '../plan.ts'
import type { OrderState, Work } from '../state.ts'
import { finishIfDone } from './finishIfDone.ts'

/** The chain's views were read: they win over what the daemon believed. */
export function handleChainRead(before: OrderState, facts: ChainFacts): OrderState {
  const state = withOpened(before, facts.openedCount)
  switch (facts.status) {
    case 'None':
      return settle(state, facts, 'The chain does not know this order (a reorg took it back).')
    case 'Preparing':
      return whilePreparing(state)
    case 'Training':
      return whileTraining(state, facts)
    case 'Auditing':
    case 'Disputed':
      return afterTraining(state, facts)
    case 'Completed':
    case 'Failed':
    case 'Cancelled':
    case 'Expired':
    case 'Unaudited':
      return settle(state, facts, `Settled as ${facts.status} (${reasonOf(facts)}).`)
    default:
      return assertUnreachable(facts.status)
  }
}

function whilePreparing(state: OrderState): OrderState {
  switch (state.phase) {
    case 'seen':
      return { phase: 'fetching', orderId: state.orderId, resume: false }
    case 'renting': // a reorg took the start back; the program goes on once it has begun again
      return { ...state, rental: { ...state.rental, started: false } }
    case 'training': // a reorg took the start back; the run goes on meanwhile
      return { phase: 'starting', orderId: state.orderId, plan: state.plan, work: restart(state.work, 0) }
    case 'finishing':
    case 'closing':
    case 'ended':
      return whilePreparing(reopen(state))
    default:
      return state
  }
}

/** As for what is committed: of a refereed order. */
function withOpened(state: OrderState, opened: number | undefined): OrderState {
  const isNews = opened !== undefined && 'work' in state && state.work && state.work.opened !== opened
  return isNews ? ({ ...state, work: { ...state.work, opened } } as OrderState) : state
}

/** A reorg took the order's end back: go on from the work that is there. */
function reopen(state: Extract<OrderState, { phase: 'finishing' | 'closing' | 'ended' }>): OrderState {
  const { orderId, plan, work } = state
  return plan && work ? { phase: 'training', orderId, plan, work } : { phase: 'seen', orderId }
}

/**
 * Windows past the committed ones are signed again: what was signed may have been a short last window, or an amendment.
 */
function restart({ amending: _, ...work }: Work, windowCount: number): Work {
  const signed = work.opened === undefined ? windowCount : Math.min(work.signed, windowCount)
  return { ...work, committed: windowCount, signed, published: signed }
}

function whileTraining(state: OrderState, facts: ChainFacts): OrderState {
  switch (state.phase) {
    case 'seen':
      return { phase: 'fetching', orderId: state.orderId, resume: true }
    case 'fetching':
      return { ...state, resume: true }
    case 'renting':
      return whileRenting(state, facts)
    case 'selfTest':
    case 'starting':
      return { ...state, phase: 'training' }
    case 'training':
      return facts.overrunAtMs > 0 && facts.nowMs >= facts.overrunAtMs
        ? {
            phase: 'failing',
            orderId: state.orderId,
            plan: state.plan,
            work: state.work,
            reason: 'SELLER_GAVE_UP',
            message: 'The paid time was over before the last step was proved.',
          }
        : finishIfDone({ ...state, work: withCommitted(state.work, facts.windowCount) })
    case 'closing':
    case 'ended': {
      const open = reopen(state)
      if (open.phase !== 'training') return open
      return finishIfDone({ ...open, work: restart(open.work, facts.windowCount) })
    }
    default:
      return state
  }
}

/** Paid time that is over ends the program, as its own end would. */
function whileRenting(state: Extract<OrderState, { phase: 'renting' }>, facts: ChainFacts): OrderState {
  const { started, ended } = state.rental
  const isOver = !ended && facts.overrunAtMs > 0 && facts.nowMs >= facts.overrunAtMs
  if (isOver)
    return {
      ...state,
      rental: { ...state.rental, started: true, ended: true },
      message: 'The paid time is over.',
    }
  return started ? state : { ...state, rental: { ...state.rental, started: true } }
}

/** Another process's commit (or one made just before a crash) counts; a reorg may take one back. */
function withCommitted(work: Work, windowCount: number): Work {
  if (windowCount === work.committed) return work
  if (work.amending !== undefined) return windowCount < work.committed ? restart(work, windowCount) : work
  if (work.opened !== undefined) return { ...work, committed: windowCount } // what is sealed is still to be signed
  const published = Math.max(work.published, windowCount)
  return { ...work, committed: windowCount, published, signed: Math.max(work.signed, windowCount) }
}

function afterTraining(state: OrderState, facts: ChainFacts): OrderState {
  if (state.phase === 'ended' || state.phase === 'settled') return state
  const shortWindowAllowed =
    facts.closeReason === closeReasons.BUYER_CANCELLED && facts.nowMs < facts.lastWindowUntilMs
  if (state.phase === 'training' && shortWindowAllowed) return close(state, facts)
  if (state.phase === 'closing' && shortWindowAllowed && facts.windowCount <= state.work.committed) {
    return state
  }
  return end(state, facts)
}

function close(state: Extract<OrderState, { phase: 'training' }>, facts: ChainFacts): OrderState {
  const work = withCommitted(state.work, facts.windowCount)
  const endSegment = Math.min(work.hashed, endSegmentOf(state.plan, work.committed))
  if (endSegment <= firstSegmentOf(state.plan, work.committed)) return end({ ...state, work }, facts)
  // Evidence of a later window may be signed already; only the next window can still be committed.
  const signed = Math.min(work.signed, work.committed + 1)
  const published = Math.min(work.published, work.committed + 1)
  return {
    phase: 'closing',
    orderId: state.orderId,
    plan: state.plan,
    work: { ...work, signed, published },
    endSegment,
    message: 'The buyer cancelled; committing what is done.',
  }
}

function end(state: OrderState, facts: ChainFacts): OrderState {
  return {
    phase: 'ended',
    orderId: state.orderId,
    ...keep(state),
    closeReason: facts.closeReason,
    message: `Ended (${reasonOf(facts)}); waiting for the audit.${why(state)}`,
  }
}

function settle(state: OrderState, facts: ChainFacts, message: string): OrderState {
  if (state.phase === 'settled') return state
  const { status, closeReason } = facts
  return {
    phase: 'settled',
    orderId: state.orderId,
    ...keep(state),
    closeReason,
    status,
    message: `${message}${why(state)}`,
    cleaned: false,
  }
}

function keep(state: OrderState) {
  return {
    ...('plan' in state && state.plan !== undefined ? { plan: state.plan } : {}),
    ...('work' in state && state.work !== undefined ? { work: settledWork(state) } : {}),
    ...('rental' in state && state.rental !== undefined ? { rental: state.rental } : {}),
  }
}

/** What was being amended when the order ended stands as it was committed, and is served as far as it is there. */
function settledWork(state: OrderState & { work?: Work }): Work {
  const { amending, ...work } = state.work!
  if (amending === undefined || !('plan' in state) || !state.plan) return state.work!
  return { ...work, hashed: Math.max(work.hashed, endSegmentOf(state.plan, amending)) }
}

function why(state: OrderState): string {
  return state.phase === 'failing' ? ` ${state.message}` : ''
}

function reasonOf(facts: ChainFacts): string {
  return closeReasonName(facts.closeReason) ?? String(facts.closeReason)
}
