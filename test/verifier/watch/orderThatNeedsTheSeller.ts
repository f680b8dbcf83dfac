import { readDraw } from '@trainyard/contracts/readDraw.ts'
import type { Devnet } from '../../helpers/devnet.ts'
import type { TestSeller } from './testSeller.ts'

/**
 * Runs orders until one's draw cannot be audited without the seller. Where the last segment of each window is drawn,
 * every state follows from the job: one draw in eight.
 */
export async function orderThatNeedsTheSeller(
  net: Devnet,
  seller: TestSeller,
  trouble?: Parameters<TestSeller['runOrder']>[0],
): Promise<bigint> {
  for (;;) {
    const { orderId } = await seller.runOrder(trouble)
    await net.mine(3)
    const { segments } = await readDraw(seller.account, orderId)
    if (![1, 3, 5].every((segment) => segments.includes(segment))) return orderId
  }
}
