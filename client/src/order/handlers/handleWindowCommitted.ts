import { closeReasons } from '@trainyard/contracts/words.ts'
import type { Action } from '../action.ts'
import type { OrderState } from '../state.ts'
import { finishIfDone } from './finishIfDone.ts'

/** A window is on chain. */
export function handleWindowCommitted(
  state: OrderState,
  action: Extract<Action, { type: 'WindowCommitted' }>,
): OrderState {
  if (state.phase !== 'training' && state.phase !== 'closing') return state
  if (action.window !== state.work.committed) return state
  const work = { ...state.work, committed: state.work.committed + 1 }
  if (state.phase === 'training') return finishIfDone({ ...state, work })
  const { orderId, plan } = state
  const message = 'Ended (BUYER_CANCELLED); the last window is committed, waiting for the audit.'
  return { phase: 'ended', orderId, plan, work, closeReason: closeReasons.BUYER_CANCELLED, message }
}
