import { join } from 'node:path'
import type { RunState } from '../drivers/driver.ts'
import { awaitDamage } from '../engine/checkpoints/findDamage.ts'
import type { OrderContext } from '../engine/context.ts'
import { fileIsThere } from '../engine/fileIsThere.ts'
import { describeExit, followRun, RESUMABLE, stopOlderRuns } from '../engine/followRun.ts'
import { imageOf } from '../engine/imageOf.ts'
import { runIdPrefix } from '../engine/orderRuns.ts'
import { prepareRun } from '../engine/prepareRun.ts'
import { runName } from '../engine/runName.ts'
import type { Action, RunOutcome } from '../order/action.ts'

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
  state = await followRun(order, runId, attempt, signal)
  signal.throwIfAborted()
  order.events.flush() // once the run counts as ended, nobody reads its log again
  return ended(order, attempt, state)
}

function seedsOf({ journal, orderId, state: stateOf }: OrderContext) {
  const state = stateOf()
  const count = 'work' in state && state.work ? state.work.seeds : 0
  return journal.seedsOf(orderId).slice(0, count)
}

async function ended(order: OrderContext, attempt: number, state: RunState): Promise<Action> {
  const at = { type: 'RunEnded', attempt } as const
  switch (state.kind) {
    case 'missing':
      return { ...at, outcome: 'machineFailed', message: 'The run disappeared.' }
    case 'running':
      throw new Error('The driver stopped waiting for a run that goes on.')
    case 'exited':
      return {
        ...at,
        outcome: await outcomeOf(order, attempt, state),
        message: describeExit(order, state, 'trainer'),
      }
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
