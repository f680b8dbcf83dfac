import type { Action } from '../order/action.ts'
import { type Effect, effectKey } from '../order/effect.ts'
import { pendingEffects } from '../order/pendingEffects.ts'
import { reduce } from '../order/reduce.ts'
import type { OrderState } from '../order/state.ts'
import type { DaemonContext, OrderContext } from './context.ts'
import { createOrderContext } from './createOrderContext.ts'
import { describeState } from './describeState.ts'
import { perform } from './perform.ts'
import { retryEffect } from './retryEffect.ts'

/** Drives one order: the only place where its state changes. */
export type OrderRunner = {
  readonly order: OrderContext
  dispatch(action: Action): void
  /** Aborts what is under way, waits for it, and leaves the journal as it is. */
  stop(): Promise<void>
}

/**
 * Takes an order up where its journalled state says, and runs whatever that state wants done. Each action
 * is reduced, the new state is stored, and only then do its effects run.
 */
export function createOrderRunner(daemon: DaemonContext, initial: OrderState): OrderRunner {
  let state = initial
  let stopped = false
  const running = new Map<string, { abort: AbortController; done: Promise<void> }>()
  const order = createOrderContext(daemon, initial.orderId, () => state)
  const log = daemon.logger.child({ orderId: initial.orderId })

  const launch = (effect: Effect) => {
    const key = effectKey(effect)
    if (stopped || running.has(key)) return
    const abort = new AbortController()
    const isPending = () => pendingEffects(state).some((other) => effectKey(other) === key)
    const attempt = async () => {
      daemon.atMoment?.(`before ${effect.type}`)
      const action = await perform(order, effect, abort.signal)
      daemon.atMoment?.(`after ${effect.type}`)
      return action
    }
    const done = retryEffect({ order, effect, attempt, dispatch, isPending, signal: abort.signal })
      .catch((error) => {
        if (!abort.signal.aborted) log.error({ msg: 'effect failed', effect: effect.type, err: error })
      })
      .finally(() => {
        if (running.get(key)?.abort !== abort) return
        running.delete(key)
        log.debug({ msg: 'effect ended', effect, wasCancelled: abort.signal.aborted })
        // An effect that was cancelled and wanted again meanwhile starts over.
        if (abort.signal.aborted && isPending()) launch(effect)
      })
    running.set(key, { abort, done })
    log.debug({ msg: 'effect started', effect })
  }

  function dispatch(action: Action): void {
    if (stopped) return
    const [next, effects] = reduce(state, action)
    if (next !== state) {
      daemon.journal.saveOrder(next, Date.now())
      announce(order, state, next)
      state = next
      const wanted = new Set(pendingEffects(next).map(effectKey))
      for (const [key, { abort }] of running) if (!wanted.has(key)) abort.abort()
    }
    for (const effect of effects) launch(effect)
  }

  for (const effect of pendingEffects(state)) launch(effect)
  return {
    order,
    dispatch,
    async stop() {
      stopped = true
      for (const { abort } of running.values()) abort.abort()
      await Promise.allSettled([...running.values()].map(({ done }) => done))
      order.leaves.close()
      order.events.close()
    },
  }
}

function announce(order: OrderContext, before: OrderState, next: OrderState): void {
  const then = describeState(before)
  const now = describeState(next)
  if (then.phase === now.phase && then.message === now.message) return
  order.logger.info({ msg: now.message, orderId: order.orderId, phase: now.phase })
  order.events.emit('state', { phase: now.phase, message: now.message })
}
