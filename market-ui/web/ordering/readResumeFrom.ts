import type { Deployment } from '@trainyard/contracts/deployment.ts'
import type { ResumeFrom } from '@trainyard/contracts/placeOrder.ts'
import type { Order } from '../../server/api/schemas.ts'
import { fetchJson } from '../api/fetchJson.ts'
import { eventOf } from '../order/eventOf.ts'
import { orderApi } from '../url.ts'

const TIMEOUT_MS = 10_000

/** What the contract needs to know an order's last checkpoint by, from its receipt on chain. Throws ApiProblem. */
export const readResumeFrom = async (deployment: Deployment, orderId: string): Promise<ResumeFrom> => {
  const order = await fetchJson<Order>(orderApi(orderId), AbortSignal.timeout(TIMEOUT_MS))
  const { args } = await eventOf(order, deployment, 'WindowCommitted')
  const { root, segments, lastStateRoot } = args
  return { orderId: BigInt(orderId), window: args.index, root, segments, lastStateRoot }
}
