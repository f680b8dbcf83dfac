import { isRental } from '@trainyard/verifier/rental.ts'
import type { RunState } from '../drivers/driver.ts'
import type { OrderContext } from '../engine/context.ts'
import { describeExit, followRun, RESUMABLE, stopOlderRuns } from '../engine/followRun.ts'
import { imageOf } from '../engine/imageOf.ts'
import { runIdPrefix } from '../engine/orderRuns.ts'
import { runName } from '../engine/runName.ts'
import { CannotContinue } from '../errors.ts'
import type { Action, RunOutcome } from '../order/action.ts'
import { lastStepOfJob, prepareProgram } from './prepareProgram.ts'

/**
 * Runs a rented program, or re-attaches to that run after a restart, and waits. A run that was started once and is gone
 * ended; the next attempt begins anew, with nothing of what this one left.
 */
export async function runProgram(order: OrderContext, attempt: number, signal: AbortSignal): Promise<Action> {
  const { driver, journal, orderId, limits, paths } = order
  const run = runName(attempt)
  const runId = `${runIdPrefix(order)}${run}`
  if ((await driver.inspect(runId)).kind === 'missing') {
    if (journal.fact<boolean>(`started:${runId}`)) {
      return { type: 'RunEnded', attempt, outcome: 'interrupted', message: 'The run ended with its daemon.' }
    }
    await stopOlderRuns(order, attempt)
    const job = await order.anyJob()
    if (!isRental(job)) throw new CannotContinue('The job asks for a proof.', 'Report this.')
    const jobDir = await prepareProgram(paths, run, orderId, job)
    journal.saveFact(`started:${runId}`, true)
    const toStep = lastStepOfJob(job)
    await driver.start({ orderId, runId, jobDir, fromStep: 0, toStep, limits, ...imageOf(job, order.gpus) })
  }
  const state = await followRun(order, runId, attempt, signal)
  signal.throwIfAborted()
  order.events.flush() // once the run counts as ended, nobody reads its log again
  if (state.kind === 'running') throw new Error('The driver stopped waiting for a run that goes on.')
  const message = state.kind === 'missing' ? 'The run disappeared.' : describeExit(order, state, 'program')
  return { type: 'RunEnded', attempt, outcome: outcomeOf(state), message }
}

/** Whatever code it ends with is the program's own doing, but for one that asks to be run again. */
function outcomeOf(state: Exclude<RunState, { kind: 'running' }>): RunOutcome {
  if (state.kind === 'missing') return 'machineFailed'
  if (state.exitCode === 0) return 'complete'
  return state.exitCode === RESUMABLE ? 'interrupted' : 'jobFailed'
}
