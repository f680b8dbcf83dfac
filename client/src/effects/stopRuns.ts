import type { OrderContext } from '../engine/context.ts'
import { orderRuns } from '../engine/orderRuns.ts'

const GRACE_MS = 3_000

/** Stops whatever runs for the order; runs and their output stay until it is settled. */
export async function stopRuns(order: OrderContext): Promise<void> {
  for (const runId of await orderRuns(order)) await order.driver.stop(runId, GRACE_MS)
}
