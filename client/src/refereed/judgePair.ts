import { ChainUnreachable } from '@trainyard/contracts/errors.ts'
import { passAgreed } from '@trainyard/contracts/passAgreed.ts'
import { read } from '@trainyard/contracts/read.ts'
import { readAgreed } from '@trainyard/contracts/readAgreed.ts'
import { readAudit } from '@trainyard/contracts/readAudit.ts'
import { readOpened } from '@trainyard/contracts/readOpened.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { OrderContext } from '../engine/context.ts'
import { challengeTwin, wasChallenged } from './challengeTwin.ts'
import { expireTwin } from './expireTwin.ts'
import { findDifference } from './findDifference.ts'

/** How many windows were compared without a difference, so that none is fetched twice. */
const compared = new WeakMap<OrderContext, number>()

/**
 * What is next for a refereed order in audit: where both sellers came to the same, that passes it; where they did not, the
 * twin is challenged in the first segment that differs, also while this one is disputed. Before both have ended a twin that is
 * overdue is expired. What is refused is tried again: the audit may not be open yet, or somebody else was faster.
 */
export async function judgePair(order: OrderContext): Promise<void> {
  const { chain, orderId, logger } = order
  const id = BigInt(orderId)
  const twin = await order.twin()
  const state = order.state()
  if (twin === undefined || !('plan' in state) || !state.plan) return
  if (!(await isOver(order, twin))) return expireTwin(order, twin)
  try {
    if (await readAgreed(chain, id)) {
      const { status } = await readOrder(chain, id)
      const { outcome } = await readAudit(chain, id)
      if (status === 'Auditing' && outcome === 'Pending') await passAgreed(chain, { orderId: id })
      return
    }
    if (wasChallenged(order) || (await readOrder(chain, twin)).status !== 'Auditing') return
    const [own, twins] = [await readOpened(chain, id), await readOpened(chain, twin)]
    const pair = { plan: state.plan, twin, from: compared.get(order) ?? 0 }
    const windows = Math.min(own.windows, twins.windows)
    const difference = await findDifference(order, { ...pair, windows })
    if (difference) await challengeTwin(order, twin, difference)
    else compared.set(order, windows)
  } catch (error) {
    if (error instanceof ChainUnreachable) throw error
    // Whatever the twin serves, this order is answered for and settled.
    const reason = error instanceof Error ? error.message : String(error)
    logger.debug({ msg: 'the pair is not judged yet', orderId, twin: String(twin), reason })
  }
}

/** No window of it can come any more, not even a short last one after its buyer's cancel. */
async function isOver({ chain, head }: OrderContext, orderId: bigint): Promise<boolean> {
  const { overAt } = await read(chain, 'market', 'factsOf', [orderId])
  return overAt !== 0 && head.nowMs() >= overAt * 1_000
}
