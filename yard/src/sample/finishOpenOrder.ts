import { setTimeout as sleep } from 'node:timers/promises'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { type OrderFacts, readOrder } from '@trainyard/contracts/readOrder.ts'
import { readOrderCount } from '@trainyard/contracts/readOrderCount.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { YardError } from '../errors.ts'
import type { Say } from '../report/say.ts'

const POLL_MS = 500
const LIMIT_MS = 15 * 60_000

/**
 * An order that the last start left open runs to its end first: the machine does one at a time. The daemon resumes it;
 * one whose time ran out meanwhile is expired, which anyone may do.
 */
export async function finishOpenOrder(context: ChainContext, say: Say, signal: AbortSignal): Promise<void> {
  const orderId = await readOrderCount(context)
  if (orderId === 0n) return
  const deadline = performance.now() + LIMIT_MS
  let order = await readOrder(context, orderId)
  if (order.settledAt === 0)
    say.line(`resuming    order ${orderId} was left open (${order.status}); it is finished first`)
  while (order.settledAt === 0) {
    if (performance.now() > deadline)
      throw new YardError(`Order ${orderId} is still ${order.status} after 15 minutes.`)
    if (await isOverdue(context, order)) await expireOrder(context, { orderId }).catch(passRefusal)
    say.status(`resuming    order ${orderId} is ${order.status}`)
    await sleep(POLL_MS, undefined, { signal })
    order = await readOrder(context, orderId)
    if (order.settledAt !== 0) say.line(`settled     order ${orderId}: ${order.status}`)
  }
}

/** Whether the order waits for somebody whose time is over. */
async function isOverdue(context: ChainContext, order: OrderFacts): Promise<boolean> {
  const { timestamp } = await readHead(context)
  if (order.status === 'Preparing') {
    return timestamp >= order.placedAt + (await readParameters(context)).confirmSeconds
  }
  return order.status === 'Training' && timestamp >= order.startedAt + order.terms.maxSeconds
}

/** Somebody else was faster: the next look shows what the order has become. */
function passRefusal(error: unknown): void {
  if (!(error instanceof ChainError)) throw error
}
