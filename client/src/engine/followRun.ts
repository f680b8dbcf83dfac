import { setTimeout as delay } from 'node:timers/promises'
import type { RunState } from '../drivers/driver.ts'
import type { OrderContext } from './context.ts'
import { followLog } from './followLog.ts'
import { followProgress } from './followProgress.ts'
import { followUsage } from './followUsage.ts'
import { orderRuns, runIdPrefix } from './orderRuns.ts'
import { runName } from './runName.ts'

/** Exit code of a run that asks to be resumed (EX_TEMPFAIL). */
export const RESUMABLE = 75
const LAST_WORDS_MS = 10_000

/** Waits for a run to end, and takes its log, progress and use of GPUs into the order's events meanwhile. */
export async function followRun(
  order: OrderContext,
  runId: string,
  attempt: number,
  signal: AbortSignal,
): Promise<RunState> {
  const stop = new AbortController()
  const both = AbortSignal.any([signal, stop.signal])
  const progress = followProgress(order, attempt, both).catch(() => undefined)
  const usage = followUsage(order, both).catch(() => undefined)
  const log = followLog(order, runId, both).catch(() => undefined)
  try {
    const state = await order.driver.wait(runId, signal)
    // The log ends by itself once all of it was read; its last lines say why the run ended.
    await Promise.race([log, delay(LAST_WORDS_MS, undefined, { signal: both }).catch(() => undefined)])
    return state
  } finally {
    // What the run wrote last is read before the followers end.
    await order
      .progress(attempt)
      .poll()
      .catch(() => undefined)
    order.tellProgress()
    stop.abort()
    await Promise.all([progress, log, usage])
  }
}

/** Ends and forgets an order's runs before this one. */
export async function stopOlderRuns(order: OrderContext, attempt: number): Promise<void> {
  const current = `${runIdPrefix(order)}${runName(attempt)}`
  for (const runId of await orderRuns(order)) {
    if (runId === current) continue
    await order.driver.stop(runId, 0)
    await order.driver.remove(runId)
  }
}

/** How a run ended, in a sentence or two. */
export function describeExit(
  order: OrderContext,
  state: { exitCode: number; oomKilled: boolean },
  what: 'trainer' | 'program',
): string {
  const last = order.events.last('log')
  const line = last ? ` Its last words: ${(JSON.parse(last.data) as { line: string }).line}` : ''
  const memory = state.oomKilled ? ' It ran out of memory.' : ''
  return `The ${what} exited with code ${state.exitCode}.${memory}${line}`
}
