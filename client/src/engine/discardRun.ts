import { rm } from 'node:fs/promises'
import type { OrderContext } from './context.ts'
import { runIdPrefix } from './orderRuns.ts'

/** Ends one of an order's runs, if it is there, and deletes all it left. */
export async function discardRun(order: OrderContext, run: string): Promise<void> {
  const runId = `${runIdPrefix(order)}${run}`
  await order.driver.stop(runId, 0)
  await order.driver.remove(runId)
  await rm(order.paths.runDir(run), { recursive: true, force: true })
}
