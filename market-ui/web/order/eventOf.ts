import type { Deployment } from '@trainyard/contracts/deployment.ts'
import { type ChainEvent, eventsOf } from '@trainyard/contracts/events.ts'
import type { Order } from '../../server/api/schemas.ts'
import { marketProvider } from '../chain/marketProvider.ts'

/**
 * An event of an order, the last of its name unless a transaction is given, read from the chain through its receipt:
 * what the server lists is only where to look. Throws if the chain has none.
 */
export const eventOf = async <N extends 'OrderEnded' | 'WindowCommitted'>(
  order: Order,
  deployment: Deployment,
  name: N,
  txHash = order.timeline.findLast((one) => one.name === name)?.txHash,
): Promise<Extract<ChainEvent, { name: N }>> => {
  const runner = marketProvider(deployment.chainId)
  const receipt = txHash && (await runner.getTransactionReceipt(txHash))
  const found = receipt
    ? eventsOf({ deployment, runner }, receipt).findLast(
        (event) =>
          event.name === name && String((event.args as { orderId?: bigint }).orderId) === order.orderId,
      )
    : undefined
  if (found === undefined) throw new Error(`The chain has no ${name} of order ${order.orderId}.`)
  return found as Extract<ChainEvent, { name: N }>
}
