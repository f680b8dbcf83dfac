import { ChainError } from '@trainyard/contracts/errors.ts'
import { expireOrder } from '@trainyard/contracts/expireOrder.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import type { OrderContext } from '../engine/context.ts'

/** Its own daemon ends it before that, if there is one. */
const GRACE_MS = 5_000

/** Ends a twin whose time to start or to train is over, as anyone may: before that this order is neither audited nor paid. */
export async function expireTwin(
  { chain, parameters, head, logger, orderId }: OrderContext,
  twin: bigint,
): Promise<void> {
  const { status, placedAt, startedAt, terms } = await readOrder(chain, twin)
  if (status !== 'Preparing' && status !== 'Training') return
  const until = status === 'Preparing' ? placedAt + parameters.confirmSeconds : startedAt + terms.maxSeconds
  if (head.nowMs() < until * 1_000 + GRACE_MS) return
  try {
    await expireOrder(chain, { orderId: twin })
    logger.info({ msg: 'ended the twin, whose time was over', orderId, twin: String(twin) })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    logger.debug({ msg: 'expireOrder was refused', orderId: String(twin), reason: error.shortMessage })
  }
}
