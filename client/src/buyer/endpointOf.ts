import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { type SellerEndpoint, sellerEndpoint } from '@trainyard/verifier/order/sellerEndpoint.ts'
import { ClientError } from '../errors.ts'

/** Where an order's daemon answers, and the header that proves who asks. Throws ClientError if there is no such order. */
export async function endpointOf(context: ChainContext, orderId: bigint): Promise<SellerEndpoint> {
  const order = await readOrder(context, orderId)
  if (order.status === 'None') {
    throw new ClientError(`There is no order ${orderId} on this chain.`, 'Check its number.')
  }
  return sellerEndpoint(context, orderId, order)
}
