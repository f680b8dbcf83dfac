import { answer } from '@trainyard/contracts/answer.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import type { DisputeFacts } from '@trainyard/contracts/readDispute.ts'
import { readDisputesOf } from '@trainyard/contracts/readDisputesOf.ts'
import { readOrder } from '@trainyard/contracts/readOrder.ts'
import { readStepRoots } from '@trainyard/contracts/readStepRoots.ts'
import { narrow } from '@trainyard/verifier/dispute/narrow.ts'
import type { OrderContext } from '../engine/context.ts'
import { ownStepRoots } from '../engine/ownStepRoots.ts'

/**
 * Answers every challenge of an order whose time for it has not passed, so that its jury is drawn at once: with the
 * first step on which the daemon's own replay differs from the roots that the challenger posted, where it ends as was
 * committed, so that the jury has one step to decide. Answering twice is refused, and so harmless.
 */
export async function answerChallenges(order: OrderContext): Promise<void> {
  const { chain, logger, orderId } = order
  for (const dispute of await readDisputesOf(chain, BigInt(orderId))) {
    if (dispute.stage !== 'Answering') continue
    const { disputeId, segment } = dispute
    const about = { orderId, disputeId: String(disputeId), segment }
    const narrowing = await narrowingOf(order, dispute).catch((err: unknown) => {
      logger.warn({ msg: 'no step for the answer', ...about, err })
      return undefined
    })
    try {
      await answer(chain, { disputeId, narrowing })
      logger.info({ msg: 'answered a challenge', ...about, step: narrowing?.step ?? 0 })
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      logger.warn({ msg: 'answer was refused', ...about, reason: error.shortMessage })
    }
  }
}

/** Undefined where the segment as a whole has to be judged. */
async function narrowingOf(order: OrderContext, dispute: { disputeId: bigint } & DisputeFacts) {
  const { orderId, chain } = order
  const { disputeId, segment, step, sellerRoot } = dispute
  if (step === 0) return undefined
  const { startedBlock } = await readOrder(chain, BigInt(orderId))
  const challengerRoots = await readStepRoots(chain, { disputeId, fromBlock: startedBlock })
  const roots = challengerRoots && (await ownStepRoots(order, segment))
  return roots && roots.at(-1) === sellerRoot ? narrow(roots, challengerRoots) : undefined
}
