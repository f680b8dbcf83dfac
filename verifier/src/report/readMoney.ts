import { connect } from '@trainyard/contracts/context.ts'
import { ChainError, ChainUnreachable, WrongChain } from '@trainyard/contracts/errors.ts'
import { interfaces } from '@trainyard/contracts/pallets.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { deploymentOf } from '../bundle/deploymentOf.ts'
import type { OrderRecord } from '../bundle/orderRecord.ts'

/** One movement of an order's money. */
export type Movement = { what: string; amountWei: bigint; account: string | null }

export type Money = { symbol: string; decimals: number; held: Movement[]; settled: Movement[] | null }

/** Reads what became of an order's money from the contracts that a bundle names; or says why it cannot be read. */
export async function readMoney(order: OrderRecord, rpcUrl: string): Promise<Money | { unread: string }> {
  try {
    const context = await connect({ rpcUrl, deployment: deploymentOf(order) })
    try {
      return await movementsOf(context, BigInt(order.orderId))
    } finally {
      context.runner.provider?.destroy()
    }
  } catch (error) {
    const isChain = [ChainError, ChainUnreachable, WrongChain].some((kind) => error instanceof kind)
    if (isChain && error instanceof Error) return { unread: error.message }
    throw error
  }
}

async function movementsOf(context: Awaited<ReturnType<typeof connect>>, orderId: bigint): Promise<Money> {
  const order = await readOrder(context, orderId)
  const { symbol, decimals } = await readToken(context, order.payer)
  const { seller, payer } = order
  const held: Movement[] = [
    { what: 'Escrow held from the payer', amountWei: order.escrowWei, account: payer },
    { what: 'Audit fee held from the payer', amountWei: order.auditFeeWei, account: payer },
    { what: "Stake held from the seller's bond", amountWei: order.stakeWei, account: seller },
  ]
  if (order.settledAt === 0) return { symbol, decimals, held, settled: null }
  const { blockNumber } = await readHead(context)
  const topics = interfaces.market.encodeFilterTopics('OrderSettled', [orderId])
  const events = await readEvents(context, order.placedBlock, blockNumber, { pallet: 'market', topics })
  const event = events.find(({ name }) => name === 'OrderSettled')
  if (event?.name !== 'OrderSettled') return { symbol, decimals, held, settled: null }
  const { paidWei, refundedWei, slashedWei, auditorsPaidWei, protocolFeeWei } = event.args
  return {
    symbol,
    decimals,
    held,
    settled: [
      { what: 'Paid to the seller', amountWei: paidWei - protocolFeeWei, account: seller },
      { what: 'Protocol fee, burned', amountWei: protocolFeeWei, account: null },
      { what: 'Paid to the auditors', amountWei: auditorsPaidWei, account: null },
      { what: 'Refunded to the payer', amountWei: refundedWei, account: payer },
      { what: "Slashed from the seller's stake", amountWei: slashedWei, account: seller },
    ],
  }
}
