import type { OrderContext } from './context.ts'
import { runPrefix } from './orderPaths.ts'

/** Ids of the runs that the driver holds for an order. */
export async function orderRuns(order: OrderContext): Promise<string[]> {
  const prefix = runIdPrefix(order)
  return (await order.driver.list()).filter((runId) => runId.startsWith(prefix))
}

/** What an order's run ids begin with. */
export function runIdPrefix(order: OrderContext): string {
  const { market, chainId } = order.chain.deployment
  return runPrefix({ market, machineId: order.machineId, chainId }, order.orderId)
}
