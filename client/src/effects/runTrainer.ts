import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunState } from '../drivers/driver.ts'
import { awaitDamage } from '../engine/checkpoints/findDamage.ts'
import type { OrderContext } from '../engine/context.ts'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { followLog } from '../engine/followLog.ts'
import { followProgress } from '../engine/followProgress.ts'
import { followUsage } from '../engine/followUsage.ts'
import { imageOf } from '../engine/imageOf.ts'
import { orderRuns, runIdPrefix } from '../engine/orderRuns.ts'
import { prepareRun } from '../engine/prepareRun.ts'
import { runName } from '../engine/runName.ts'
import type { Action, RunOutcome } from '../order/action.ts'

/** Exit code of a run that asks to be resumed (EX_TEMPFAIL). */
const RESUMABLE = 75
const LAST_WORDS_MS = 10_000

/**
 * Runs the trainer from fromStep to the end, or re-attaches to that run after a restart, and waits.
 * A run that was started once and is gone ended; it is never silently started twice.
 */
export async function runTrainer(
  order: OrderContext,
  effect: { attempt: number; fromStep: number },
  signal: AbortSignal,
): Promise<Action> {
  const { attempt, fromStep } = effect
  const { driver, journal, orderId, limits } = order
  const runId = `${runIdPrefix(order)}${runName(attempt)}`
  let state = await driver.inspect(runId)
  if (state.kind === 'missing') {
    if (journal.fact<boolean>(`started:${runId}`)) {
      return { type: 'RunEnded', attempt, outcome: 'interrupted', message: 'The run ended with its daemon.' }
    }
    await stopOlderRuns(order, attempt)
    const damaged = await awaitDamage(order, fromStep, signal)
    if (damaged) return damaged
    const jobDir = await prepareRun({
      paths: order.paths,
      run: runName(attempt),
      seeds: () => seedsOf(order), // of those in the journal that the order counts: a later one may have changed
      before: fromStep > 0 ? order.paths.checkpoint(fromStep) : undefined,
    })
    journal.saveFact(`started:${runId}`, true)
    const job = await order.job()
    const toStep = job.steps
    await driver.start({ orderId, runId, jobDir, fromStep, toStep, limits, ...imageOf(job, order.gpus) })
  }
  state = await follow(order, runId, attempt, signal)
  signal.throwIfAborted()
  order.events.flush() // once the run counts as ended, nobody reads its log again
  return ended(order, attempt, state)
}

async function follow(order: OrderContext, runId: string, attempt: number, signal: AbortSignal) {
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

function seedsOf({ journal, orderId, state: stateOf }: OrderContext) {
  const state = stateOf()
  const count = 'work' in state && state.work ? state.work.seeds : 0
  return journal.seedsOf(orderId).slice(0, count)
}

async function stopOlderRuns(order: OrderContext, attempt: number): Promise<void> {
  const current = `${runIdPrefix(order)}${runName(attempt)}`
  for (const runId of await orderRuns(order)) {
    if (runId === current) continue
    await order.driver.stop(runId, 0)
    await order.driver.remove(runId)
  }
}

async function ended(order: OrderContext, attempt: number, state: RunState): Promise<Action> {
  const at = { type: 'RunEnded', attempt } as const
  switch (state.kind) {
    case 'missing':
      return { ...at, outcome: 'machineFailed', message: 'The run disappeared.' }
    case 'running':
      throw new Error('The driver stopped waiting for a run that goes on.')
    case 'exited':
      return { ...at, outcome: await outcomeOf(order, attempt, state), message: describe(order, state) }
  }
}

async function outcomeOf(
  order: OrderContext,
  attempt: number,
  state: { exitCode: number; oomKilled: boolean },
): Promise<RunOutcome> {
  const result = join(order.paths.runDir(runName(attempt)), 'out', 'result', 'metrics.json')
  if (state.exitCode === 0) return (await fileIsThere(result)) ? 'complete' : 'jobFailed'
  if (state.exitCode === RESUMABLE) return 'interrupted'
  return state.oomKilled || state.exitCode > 128 ? 'machineFailed' : 'jobFailed'
}

function describe(order: OrderContext, state: { exitCode: number; oomKilled: boolean }): string {
  const last = order.events.last('log')
  const line = last ? ` Its last words: ${(JSON.parse(last.data) as { line: string }).line}` : ''
  const memory = state.oomKilled ? ' It ran out of memory.' : ''
  return `The trainer exited with code ${state.exitCode}.${memory}${line}`
}
