import type { ChainContext } from './context.ts'
import { ownPayment } from './ownPayment.ts'
import { type Sent, send } from './send.ts'
import { withPermit } from './serialised.ts'
import { signerOf } from './signer.ts'

/**
 * Buyer who is the payer too, while training: adds time at the order's price, for at most `maxTotalWei` (signing a permit
 * for Balances if free balance and allowance are short).
 */
export async function renewOrder(
  context: ChainContext,
  args: { orderId: bigint; extraSeconds: number; maxTotalWei: bigint },
): Promise<Sent> {
  const { orderId, extraSeconds, maxTotalWei } = args
  return withPermit(context, await signerOf(context).getAddress(), async () => {
    const payment = await ownPayment(context, maxTotalWei)
    return send(context, 'market', 'renewOrder', [orderId, extraSeconds, payment])
  })
}
