import { cancelOrder } from '@trainyard/contracts/cancelOrder.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { ClientError } from '../errors.ts'
import { amountsIn } from './amountsIn.ts'
import { confirmed } from './confirmed.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { requireAccount, withChain } from './withChain.ts'

const FEE_SECONDS = 300n
const SECONDS_PER_HOUR = 3_600n

/** Ends an order for its buyer, once the buyer knows what that costs. */
export async function cancelCommand(
  orderId: bigint,
  options: ChainOptions & { yes?: true },
  rim: Rim,
): Promise<void> {
  requireAccount(options)
  await withChain(options, rim, async (context) => {
    const order = await readOrder(context, orderId)
    requireOpen(orderId, order)
    const [{ confirmSeconds }, { timestamp }, amount] = await Promise.all([
      readParameters(context),
      readHead(context),
      amountsIn(context),
    ])
    const isLate = timestamp >= order.placedAt + confirmSeconds
    await confirmed(rim, options, `${costOf(order, isLate, amount)} Cancel order ${orderId}?`)
    const { hash } = await cancelOrder(context, { orderId })
    const { status, paidWei, refundedWei } = await readOrder(context, orderId)
    const rest =
      status === 'Cancelled' || status === 'Expired'
        ? `${amount(paidWei)} paid, ${amount(refundedWei)} refunded.`
        : 'What was proved is audited and paid, the rest is refunded.'
    rim
      .say(options)
      .answer(
        { orderId, status, paidWei, refundedWei, txHash: hash },
        `Order ${orderId} is ${status}: ${rest}`,
      )
  })
}

function requireOpen(orderId: bigint, { status }: OrderFacts): void {
  if (status === 'Preparing' || status === 'Training') return
  const what =
    status === 'None' ? `There is no order ${orderId} on this chain.` : `Order ${orderId} is ${status}.`
  throw new ClientError(what, 'Only an order that prepares or trains can be cancelled. No money moved.')
}

function costOf(order: OrderFacts, isLate: boolean, amount: (wei: bigint) => string): string {
  if (order.status === 'Training' && order.terms.mode === 'None')
    return 'The program stops; the time until now is paid, the rest refunded at once.'
  if (order.status === 'Training') {
    return 'The clock stops; what is proved by then, and one short last window, is paid, the rest refunded.'
  }
  if (isLate) return 'The seller is late: everything is refunded, and it pays for the delay.'
  const feeWei = (order.pricePerHourWei * FEE_SECONDS) / SECONDS_PER_HOUR
  const paidWei = feeWei < order.escrowWei ? feeWei : order.escrowWei
  return `Its machine was kept free: ${amount(paidWei)} go to the seller, the rest is refunded.`
}
