import type { ChainContext } from './context.ts'
import type { Payment } from './placeOrder.ts'
import { readFree } from './readFree.ts'
import { readHead } from './readHead.ts'
import { signerOf } from './signer.ts'
import { readToken, signPermit } from './token.ts'

const PERMIT_SECONDS = 3_600
const NO_ADDRESS = `0x${'0'.repeat(40)}`

/**
 * The caller pays at most `maxTotalWei`: out of its free balance, then its allowance, with a permit for Balances if that
 * is short. Call it inside `withPermit`, so that two permits never get one nonce.
 */
export async function ownPayment(context: ChainContext, maxTotalWei: bigint): Promise<Payment> {
  const signer = signerOf(context)
  const account = await signer.getAddress()
  const [freeWei, { allowanceWei }, { timestamp }] = await Promise.all([
    readFree(context, account),
    readToken(context, account),
    readHead(context),
  ])
  const deadline = BigInt(timestamp + PERMIT_SECONDS)
  const isShort = maxTotalWei - freeWei > allowanceWei
  const permitSignature = isShort
    ? await signPermit(context, signer, { valueWei: maxTotalWei, deadline })
    : '0x'
  return { payer: NO_ADDRESS, maxTotalWei, nonce: 0n, deadline, paySignature: '0x', permitSignature }
}
