import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dropCheckpoints } from '../engine/checkpoints/dropCheckpoints.ts'
import type { OrderContext } from '../engine/context.ts'
import { orderRuns } from '../engine/orderRuns.ts'
import type { Action } from '../order/action.ts'
import { lastStepOf } from '../order/plan.ts'

/**
 * Removes a settled order's runs, and its checkpoints but those that a bundle has (the first, each window's first and
 * the last): nobody is drawn any more. They, results and the journal stay for the buyer to fetch.
 */
export async function cleanUp(order: OrderContext): Promise<Action> {
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

/** Those stay that a bundle has: the first, each window's first and the last. */
async function dropMostCheckpoints({ paths, state: stateOf }: OrderContext): Promise<void> {
  await rm(paths.recomputed, { recursive: true, force: true })
  const state = stateOf()
  if (!('plan' in state) || !state.plan) return
  const { plan, work } = state
  await dropCheckpoints(paths, plan, lastStepOf(plan, Math.max(0, (work?.hashed ?? 0) - 1)))
}
