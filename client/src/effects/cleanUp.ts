import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dropCheckpoints } from '../engine/checkpoints/dropCheckpoints.ts'
import type { OrderContext } from '../engine/context.ts'
import { orderRuns } from '../engine/orderRuns.ts'
import type { Action } from '../order/action.ts'
import { lastStepOf } from '../order/plan.ts'
import { keepOutput } from '../rental/keepOutput.ts'
import { stopRuns } from './stopRuns.ts'

/**
 * Removes a settled order's runs, and its checkpoints but those that a bundle has (the first, each window's first and
 * the last): nobody is drawn any more. They, results and the journal stay for the buyer to fetch.
 */
export async function cleanUp(order: OrderContext): Promise<Action> {
  await keepRentalOutput(order)
  for (const runId of await orderRuns(order)) {
    await order.driver.stop(runId, 0)
    await order.driver.remove(runId)
  }
  const entries = await readdir(order.paths.root).catch(() => [])
  for (const name of entries) {
    if (name.startsWith('run-')) await rm(join(order.paths.root, name), { recursive: true, force: true })
  }
  await dropMostCheckpoints(order)
  order.release()
  order.events.close()
  return { type: 'CleanedUp' }
}

/** A program that its buyer stopped, or that failed, has a moment to leave what it can. */
async function keepRentalOutput(order: OrderContext): Promise<void> {
  const state = order.state()
  if (state.phase !== 'settled' || !state.rental?.started || state.rental.resultCid !== undefined) return
  await stopRuns(order)
  await keepOutput(order, state.rental.attempt)
}

/** Those stay that a bundle has: the first, each window's first and the last. */
async function dropMostCheckpoints({ paths, state: stateOf }: OrderContext): Promise<void> {
  await rm(paths.recomputed, { recursive: true, force: true })
  const state = stateOf()
  if (!('plan' in state) || !state.plan) return
  const { plan, work } = state
  await dropCheckpoints(paths, plan, lastStepOf(plan, Math.max(0, (work?.hashed ?? 0) - 1)))
}
