import type { ChainContext } from './context.ts'
import { eventIn } from './eventIn.ts'
import type { InputsOf } from './pallets.ts'
import { quote } from './quote.ts'
import { readFree } from './readFree.ts'
import { readHead } from './readHead.ts'
import { type Sent, send } from './send.ts'
import { withPermit } from './serialised.ts'
import { signerOf } from './signer.ts'
import { readToken, signPermit } from './token.ts'

/** Everything a buyer agrees to (Types.sol). */
export type OrderTerms = InputsOf<'market', 'placeOrder'>[0]
/** Who pays (Types.sol); see `signPayOrder` for a payer other than the caller. */
export type Payment = InputsOf<'market', 'placeOrder'>[2]

const PERMIT_SECONDS = 3_600
const NO_ADDRESS = `0x${'0'.repeat(40)}`

/** The caller pays: out of its free balance, then its allowance, with a permit if that is short. */
async function ownPayment(context: ChainContext, terms: OrderTerms): Promise<Payment> {
  const signer = signerOf(context)
  const account = await signer.getAddress()
  const [{ escrowWei, auditFeeWei }, freeWei, { allowanceWei }, { timestamp }] = await Promise.all([
    quote(context, terms),
    readFree(context, account),
    readToken(context, account),
    readHead(context),
  ])
  const maxTotalWei = escrowWei + auditFeeWei
  const deadline = BigInt(timestamp + PERMIT_SECONDS)
  const short = maxTotalWei - freeWei > allowanceWei
  const permitSignature = short
    ? await signPermit(context, signer, { valueWei: maxTotalWei, deadline })
    : '0x'
  return { payer: NO_ADDRESS, maxTotalWei, nonce: 0n, deadline, paySignature: '0x', permitSignature }
}

/**
 * Buys an offer. Takes escrow and audit fee from the caller (signing a permit for Balances if its free balance and
 * allowance are short), or from the payer of `payment`.
 */
export async function placeOrder(
  context: ChainContext,
  args: { terms: OrderTerms; jobCid: string; payment?: Payment },
): Promise<Sent & { orderId: bigint }> {
  const { terms, jobCid } = args
  const place = (payment: Payment) => send(context, 'market', 'placeOrder', [terms, jobCid, payment])
  const placeOwn = async () => place(await ownPayment(context, terms))
  const sent = args.payment
    ? await place(args.payment)
    : await withPermit(context, await signerOf(context).getAddress(), placeOwn)
  return { ...sent, orderId: eventIn(sent, 'OrderPlaced').args.orderId }
}
