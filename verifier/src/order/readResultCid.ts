import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readEvents } from '@trainyard/contracts/readEvents.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'

const BLOCKS_PER_READ = 2_000

/** The result that an order's seller named when it ended, which only the event carries. Empty: none. */
export async function readResultCid(
  context: ChainContext,
  orderId: bigint,
  fromBlock: number,
): Promise<string> {
  const head = (await readHead(context)).blockNumber
  for (let from = fromBlock; from <= head; from += BLOCKS_PER_READ) {
    for (const event of await readEvents(context, from, Math.min(from + BLOCKS_PER_READ - 1, head))) {
      if (event.name === 'OrderEnded' && event.args.orderId === orderId) return event.args.resultCid
    }
  }
  return ''
}
