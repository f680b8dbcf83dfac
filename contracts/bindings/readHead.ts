import type { ChainContext } from './context.ts'
import { toChainError } from './decodeError.ts'
import { ChainUnreachable } from './errors.ts'

/** The newest block's number, hash and time (Unix seconds). Deadlines are judged by this clock, not the machine's. */
export async function readHead(
  context: ChainContext,
): Promise<{ blockNumber: number; blockHash: string; timestamp: number }> {
  try {
    const block = await context.runner.provider?.getBlock('latest')
    if (!block?.hash) throw new ChainUnreachable('The node has no newest block.')
    return { blockNumber: block.number, blockHash: block.hash, timestamp: block.timestamp }
  } catch (error) {
    throw toChainError(error, 'Reading the newest block')
  }
}
