import { extendOrder, quoteRenewal } from '../buyer/extendOrder.ts'
import { amountsIn } from './amountsIn.ts'
import { confirmed } from './confirmed.ts'
import type { ChainOptions } from './options.ts'
import type { Rim } from './rim.ts'
import { requireAccount, withChain } from './withChain.ts'

/** Buys more time for an order that runs. */
export async function extendCommand(
  orderId: bigint,
  options: ChainOptions & { seconds: number; yes?: true },
  rim: Rim,
): Promise<void> {
  requireAccount(options)
  await withChain(options, rim, async (context) => {
    const { addedEscrowWei, maxSeconds } = await quoteRenewal(context, orderId, options.seconds)
    const amount = await amountsIn(context)
    await confirmed(
      rim,
      options,
      `Hold ${amount(addedEscrowWei)} more, so that order ${orderId} may run ${maxSeconds} s in all?`,
    )
    const args = { orderId, extraSeconds: options.seconds, maxTotalWei: addedEscrowWei }
    const { txHash } = await extendOrder(context, args)
    rim
      .say(options)
      .answer(
        { orderId, maxSeconds, addedEscrowWei, txHash },
        `Order ${orderId} may run ${maxSeconds} s in all; ${amount(addedEscrowWei)} more are held for it.`,
      )
  })
}
