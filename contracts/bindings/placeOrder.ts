import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import { ownPayment } from './ownPayment.ts'
import type { InputsOf } from './pallets.ts'
import { quote } from './quote.ts'
import { type Sent, send } from './send.ts'
import { withPermit } from './serialised.ts'
import { signerOf } from './signer.ts'

/** Everything a buyer agrees to (Types.sol). */
export type OrderTerms = InputsOf<'market', 'placeOrder'>[0]
/** A proved checkpoint that an order starts at (Types.sol). */
export type ResumeFrom = InputsOf<'market', 'placeResumedOrder'>[3]
/** Who pays (Types.sol); see `signPayOrder` for a payer other than the caller. */
export type Payment = InputsOf<'market', 'placeOrder'>[2]

/**
 * Buys an offer. Takes escrow and audit fee from the caller (signing a permit for Balances if its free balance and
 * allowance are short), or from the payer of `payment`. With `resumeFrom` it starts at that checkpoint.
 */
export async function placeOrder(
  context: ChainContext,
  args: { terms: OrderTerms; jobCid: string; payment?: Payment; resumeFrom?: ResumeFrom },
): Promise<Sent & { orderId: bigint }> {
  const { terms, jobCid, resumeFrom } = args
  const place = (payment: Payment) =>
    resumeFrom
      ? send(context, 'market', 'placeResumedOrder', [terms, jobCid, payment, resumeFrom])
      : send(context, 'market', 'placeOrder', [terms, jobCid, payment])
  const placeOwn = async () => {
    const { escrowWei, auditFeeWei } = await quote(context, terms)
    return place(await ownPayment(context, escrowWei + auditFeeWei))
  }
  const sent = args.payment
    ? await place(args.payment)
    : await withPermit(context, await signerOf(context).getAddress(), placeOwn)
  return { ...sent, orderId: eventIn(sent, 'OrderPlaced').args.orderId }
}
