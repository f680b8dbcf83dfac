import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { addBytes } from '@trainyard/verifier/content/addBytes.ts'
import type { Order } from '../../server/api/schemas.ts'
import { canResume } from '../order/canResume.ts'
import { checkpointStep } from '../order/checkpointStep.ts'
import { verifyCheckpoint } from '../order/verifyCheckpoint.ts'
import { sendBlocks } from './sendBlocks.ts'

/** No order may begin with this one's checkpoints. */
class NotProved extends Error {
  override readonly name = 'NotProved'
  readonly title = 'Nothing can begin with this order'
  readonly moneyMoved = false
  readonly suggestion = 'Choose an order whose audit has passed, or begin anew.'
}

export type TakenCheckpoint = { readonly cid: string; readonly step: number; readonly bytes: number }

/**
 * Fetches an order's last checkpoint from its seller, compares it with the hash on chain, and puts it into the market's
 * store, where the next seller finds it. Throws NotProved, ApiProblem, and what verifyCheckpoint throws.
 * @param grant opens a private order
 */
export const takeCheckpoint = async (
  order: Order,
  deployment: Deployment,
  grant?: string,
): Promise<TakenCheckpoint> => {
  const window = order.windows.at(-1)
  if (window === undefined || !canResume(order))
    throw new NotProved(`Order ${order.orderId} is ${order.status}: it was not proved.`)
  const { bytes } = await verifyCheckpoint(order, window, deployment, grant)
  const { cid, blocks } = await addBytes(bytes)
  await sendBlocks(blocks)
  return { cid, step: checkpointStep(order, window), bytes: bytes.length }
}
