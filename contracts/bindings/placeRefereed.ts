import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import { ownPayment } from './ownPayment.ts'
import type { OrderTerms } from './placeOrder.ts'
import { quoteTogether } from './quote.ts'
import { type Sent, send } from './send.ts'
import { withPermit } from './serialised.ts'
import { signerOf } from './signer.ts'

/**
 * Buys two offers, of different sellers and one hardware class, for one job: both run it, and where they agree nobody replays.
 * `terms.mode` is Refereed. The caller pays for both, as in `placeOrder`.
 */
export async function placeRefereed(
  context: ChainContext,
  args: { terms: OrderTerms; secondOfferId: bigint; jobCid: string },
): Promise<Sent & { firstId: bigint; secondId: bigint }> {
  const { terms, secondOfferId, jobCid } = args
  const sent = await withPermit(context, await signerOf(context).getAddress(), async () => {
    const { escrowWei, auditFeeWei } = await quoteTogether(context, terms, [terms.offerId, secondOfferId])
    const payment = await ownPayment(context, escrowWei + auditFeeWei)
    return send(context, 'market', 'placeRefereed', [terms, secondOfferId, jobCid, payment])
  })
  const { firstId, secondId } = eventIn(sent, 'OrdersPaired').args
  return { ...sent, firstId, secondId }
}
