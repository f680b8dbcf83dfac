import type { ChainContext } from '@trainyard/contracts/context.ts'
import type { Payment } from '@trainyard/contracts/placeOrder.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { send } from '@trainyard/contracts/send.ts'
import { withPermit } from '@trainyard/contracts/serialised.ts'
import { signerOf } from '@trainyard/contracts/signer.ts'
import { readToken, signPermit } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import { ClientError } from '../errors.ts'

const PERMIT_SECONDS = 3_600
const SECONDS_PER_HOUR = 3_600n
const NO_ADDRESS = `0x${'0'.repeat(40)}`

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
  const account = await signerOf(context).getAddress()
  const { hash } = await withPermit(context, account, async () => {
    const payment = await ownPayment(context, account, maxTotalWei)
    return send(context, 'market', 'renewOrder', [orderId, extraSeconds, payment])
  })
  return { txHash: hash }
}

/** Out of the free balance, then the allowance, with a permit if that is short. */
async function ownPayment(context: ChainContext, account: string, maxTotalWei: bigint): Promise<Payment> {
  const [freeWei, { allowanceWei, balanceWei, symbol, decimals }, { timestamp }] = await Promise.all([
    readFree(context, account),
    readToken(context, account),
    readHead(context),
  ])
  const missingWei = maxTotalWei - freeWei - balanceWei
  if (missingWei > 0n) {
    throw new ClientError(
      `${formatUnits(missingWei, decimals)} ${symbol} are missing.`,
      `Send them to ${account}. No money moved.`,
    )
  }
  const deadline = BigInt(timestamp + PERMIT_SECONDS)
  const isShort = maxTotalWei - freeWei > allowanceWei
  const permitSignature = isShort
    ? await signPermit(context, signerOf(context), { valueWei: maxTotalWei, deadline })
    : '0x'
  return { payer: NO_ADDRESS, maxTotalWei, nonce: 0n, deadline, paySignature: '0x', permitSignature }
}
