import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OrderContext } from '../engine/context.ts'
import { orderRuns } from '../engine/orderRuns.ts'
import type { Action } from '../order/action.ts'
import { firstSegmentOf, firstStepOf, lastStepOf } from '../order/plan.ts'

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
  await dropCheckpoints(order)
  order.release()
  order.events.close()
  return { type: 'CleanedUp' }
}

async function dropCheckpoints(order: OrderContext): Promise<void> {
  const state = order.state()
  if (!('plan' in state) || !state.plan) return
  const { plan, work } = state
  const last = lastStepOf(plan, Math.max(0, (work?.hashed ?? 0) - 1))
  const kept = new Set([last])
  for (let window = 0; window <= plan.windows; window++)
    kept.add(firstStepOf(plan, firstSegmentOf(plan, window)))
  const { checkpoints } = order.paths
  for (const name of await readdir(checkpoints).catch(() => [])) {
    const step = Number(/^(\d+)\.safetensors$/.exec(name)?.[1])
    if (!kept.has(step)) await rm(join(checkpoints, name), { force: true })
  }
}
