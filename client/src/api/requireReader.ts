import { readDraw } from '@trainyard/contracts/readDraw.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { checkGrant, GrantRefused } from '@trainyard/verifier/grant.ts'
import type { OrderContext } from '../engine/context.ts'
import { Problem } from './Problem.ts'

/**
 * Throws a Problem unless the sender of this authorization header may read the order: anyone if the job is
 * public, else buyer, payer, seller and the drawn panel, by a grant.
 */
export async function requireReader(order: OrderContext, authorization: string | undefined): Promise<void> {
  if (await isPublic(order)) return
  const account = accountOf(order, authorization)
  if (await mayRead(order, account)) return
  throw new Problem(
    403,
    'Not a reader of this order',
    `${account} is no party to order ${order.orderId} and not drawn to audit it.`,
    'Use the account of the buyer, the payer, the seller or a drawn auditor.',
  )
}

/** A job that is not fetched yet counts as private. */
async function isPublic(order: OrderContext): Promise<boolean> {
  try {
    return (await order.job()).access === 'public'
  } catch {
    return false
  }
}

function accountOf(order: OrderContext, authorization: string | undefined): string {
  const { chainId } = order.chain.deployment
  try {
    return checkGrant(authorization, { chainId, audience: order.seller, orderId: BigInt(order.orderId) })
  } catch (error) {
    if (!(error instanceof GrantRefused)) throw error
    throw new Problem(401, 'Grant refused', error.message, error.suggestion)
  }
}

async function mayRead(order: OrderContext, account: string): Promise<boolean> {
  const id = BigInt(order.orderId)
  const { buyer, payer, seller } = await readOrder(order.chain, id)
  const isAccount = (other: string) => other.toLowerCase() === account.toLowerCase()
  if ([buyer, payer, seller].some(isAccount)) return true
  return (await readDraw(order.chain, id)).panel.some(isAccount)
}
