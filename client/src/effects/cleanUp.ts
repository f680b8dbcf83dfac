import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { OrderContext } from '../engine/context.ts'
import { orderRuns } from '../engine/orderRuns.ts'
import type { Action } from '../order/action.ts'

/** Removes a settled order's runs; checkpoints, results and the journal stay for the buyer to fetch. */
export async function cleanUp(order: OrderContext): Promise<Action> {
  for (const runId of await orderRuns(order)) {
    await order.driver.stop(runId, 0)
    await order.driver.remove(runId)
  }
  const entries = await readdir(order.paths.root).catch(() => [])
  for (const name of entries) {
    if (name.startsWith('run-')) await rm(join(order.paths.root, name), { recursive: true, force: true })
  }
  order.release()
  order.events.close()
  return { type: 'CleanedUp' }
}
