import { CannotContinue } from '../errors.ts'
import type { Action } from '../order/action.ts'
import type { Effect } from '../order/effect.ts'
import { backoff } from './backoff.ts'
import type { OrderContext } from './context.ts'
import { isRetryable } from './isRetryable.ts'
import { reclaimSpace } from './pruneOrders.ts'
import { diskFull } from './requireDiskSpace.ts'

/** Tries of an effect that fails for a reason unknown to be passing, before the order is given up. */
const MAX_FAILURES = 8
const SQLITE_FULL = 13

type Args = {
  order: OrderContext
  effect: Effect
  attempt: () => Promise<Action | undefined>
  dispatch: (action: Action) => void
  isPending: () => boolean
  signal: AbortSignal
}

/**
 * Runs an effect until it has done what it was for. A node, store or engine that does not answer is asked
 * again for ever: that says nothing about the order. Other failures are tried a few times.
 */
export async function retryEffect(args: Args): Promise<void> {
  const { effect, attempt, dispatch, isPending, signal } = args
  const log = args.order.logger.child({ orderId: args.order.orderId, effect: effect.type })
  for (let tries = 1, failures = 0; !signal.aborted; tries++) {
    try {
      const action = await attempt()
      if (signal.aborted || action === undefined) return
      dispatch(action)
      if (signal.aborted || !isPending()) return
    } catch (err) {
      if (signal.aborted) return
      log.warn({ msg: 'the effect failed and will be tried again', tries, err })
      if (!isRetryable(err)) failures++
      await recover(args, err, failures).catch((also) => log.error({ msg: 'so did recovering', err: also }))
    }
    await backoff(tries, signal)
  }
}

/** Makes room on a full disk; tells the order once waiting does not help. */
async function recover(args: Args, error: unknown, failures: number): Promise<void> {
  const { order, effect, dispatch } = args
  if (isDiskFull(error)) await reclaimSpace(order)
  if (!(error instanceof CannotContinue) && failures < MAX_FAILURES) return
  dispatch({ type: 'EffectGaveUp', effect: effect.type, message: messageOf(order, error) })
}

function messageOf(order: OrderContext, error: unknown): string {
  if (isDiskFull(error)) return diskFull(order.config.dataDir, 'a write failed').message
  return error instanceof Error ? error.message : String(error)
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isFull = 'code' in error && error.code === 'ENOSPC'
  return isFull || ('errcode' in error && error.errcode === SQLITE_FULL)
}
