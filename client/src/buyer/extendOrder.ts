import type { ChainContext } from '@trainyard/contracts/context.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { renewOrder } from '@trainyard/contracts/renewOrder.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import { ClientError } from '../errors.ts'

const SECONDS_PER_HOUR = 3_600n

/** What more time would cost, and how much may be had. */
export type Renewal = { addedEscrowWei: bigint; maxSeconds: number; offerMaxSeconds: number }

/**
 * What extraSeconds more cost: the price of the whole new time, rounded up, less what is held already. Throws
 * ClientError if the order does not run, or its offer does not go so far.
 */
export async function quoteRenewal(
  context: ChainContext,
  orderId: bigint,
  extraSeconds: number,
): Promise<Renewal> {
  const order = await readOrder(context, orderId)
  if (order.status === 'None')
    throw new ClientError(`There is no order ${orderId} on this chain.`, 'Check its number.')
  if (order.status !== 'Training') {
    throw new ClientError(
      `Order ${orderId} is ${order.status}: only an order that is in training can be extended.`,
      order.status === 'Preparing'
        ? 'Wait until it has started. No money moved.'
        : 'Place a new one. No money moved.',
    )
  }
  const { offerMaxSeconds } = await read(context, 'market', 'agreedOf', [orderId])
  const maxSeconds = order.terms.maxSeconds + extraSeconds
  if (extraSeconds === 0 || maxSeconds > offerMaxSeconds) {
    throw new ClientError(
      `The offer allows ${offerMaxSeconds} s in all, and the order has ${order.terms.maxSeconds} s.`,
      `Ask for 1 to ${offerMaxSeconds - order.terms.maxSeconds} s. No money moved.`,
    )
  }
  const secondsTimesPrice = order.pricePerHourWei * BigInt(maxSeconds)
  const totalWei = (secondsTimesPrice + SECONDS_PER_HOUR - 1n) / SECONDS_PER_HOUR
  return { addedEscrowWei: totalWei - order.escrowWei, maxSeconds, offerMaxSeconds }
}

/** Buys extraSeconds more for an order, paid by the caller, for at most maxTotalWei. */
export async function extendOrder(
  context: ChainContext,
  args: { orderId: bigint; extraSeconds: number; maxTotalWei: bigint },
): Promise<{ txHash: string }> {
  const { orderId, extraSeconds, maxTotalWei } = args
  await requireMoney(context, maxTotalWei)
  const { hash } = await renewOrder(context, { orderId, extraSeconds, maxTotalWei })
  return { txHash: hash }
}

async function requireMoney(context: ChainContext, neededWei: bigint): Promise<void> {
  const account = await signerOf(context).getAddress()
  const [freeWei, { balanceWei, symbol, decimals }] = await Promise.all([
    readFree(context, account),
    readToken(context, account),
  ])
  const missingWei = neededWei - freeWei - balanceWei
  if (missingWei <= 0n) return
  throw new ClientError(
    `${formatUnits(missingWei, decimals)} ${symbol} are missing.`,
    `Send them to ${account}. No money moved.`,
  )
}
