import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { interfaces } from './pallets.ts'
import { readEvents } from './readEvents.ts'
import { readHead } from './readHead.ts'

/**
 * The step roots that a challenge posted: they are in its transaction alone. Undefined if it posted none, or came by way of
 * another contract. Throws ChainUnreachable.
 * @param fromBlock no later than the challenge
 */
export async function readStepRoots(
  context: ChainContext,
  args: { disputeId: bigint; fromBlock: number },
): Promise<string[] | undefined> {
  const { disputeId, fromBlock } = args
  const topic = interfaces.disputes.getEvent('Challenged')!.topicHash
  const only = {
    pallet: 'disputes' as const,
    topics: [topic, `0x${disputeId.toString(16).padStart(64, '0')}`],
  }
  const { blockNumber } = await readHead(context)
  const [event] = await readEvents(context, fromBlock, blockNumber, only)
  if (!event) return undefined
  try {
    const sent = await context.runner.provider?.getTransaction(event.txHash)
    const call = sent ? interfaces.disputes.parseTransaction({ data: sent.data }) : null
    if (call?.name !== 'challengeSteps') return undefined
    return [...(call.args.getValue('roots') as Iterable<string>)]
  } catch (error) {
    throw toChainError(error, `Reading the challenge of dispute ${disputeId}`)
  }
}
