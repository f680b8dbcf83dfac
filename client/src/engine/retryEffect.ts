import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'
import type { Effect } from '../order/effect.ts'
import { backoff } from './backoff.ts'
import type { OrderContext } from './context.ts'
import { isRetryable } from './isRetryable.ts'
import { diskFull } from './requireDiskSpace.ts'

/** Tries of an effect that fails for a reason unknown to be passing, before the order is given up. */
const MAX_FAILURES = 8

/**
 * Runs an effect until it has done what it was for. A node, store or engine that does not answer is asked
 * again for ever: that says nothing about the order. Other failures are tried a few times.
 */
export async function retryEffect(args: {
  order: OrderContext
  effect: Effect
  attempt: () => Promise<Action | undefined>
  dispatch: (action: Action) => void
  isPending: () => boolean
  signal: AbortSignal
}): Promise<void> {
  const { order, effect, attempt, dispatch, isPending, signal } = args
  for (let tries = 1, failures = 0; !signal.aborted; tries++) {
    try {
      const action = await attempt()
      if (signal.aborted || action === undefined) return
      dispatch(action)
      if (signal.aborted || !isPending()) return
    } catch (error) {
      if (signal.aborted) return
      const unknown = isRetryable(error)
      if (!unknown) failures++
      const { orderId } = order
      order.logger.warn({ msg: 'effect will be retried', orderId, effect: effect.type, tries, err: error })
      if (error instanceof CannotContinue || failures >= MAX_FAILURES) {
        dispatch({ type: 'EffectGaveUp', effect: effect.type, message: messageOf(order, error) })
        if (signal.aborted || !isPending()) return
      }
    }
    await backoff(tries, signal)
  }
}

function messageOf(order: OrderContext, error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return diskFull(order.config.dataDir, 'a write failed').message
  }
  return error instanceof Error ? error.message : String(error)
}
