import type { ChainContext } from './context.ts'
import type { Payment } from './placeOrder.ts'
import { readFree } from './readFree.ts'
import { readHead } from './readHead.ts'
import { signerOf, signsTypedData } from './signer.ts'
import { approveBalances, readToken, signPermit } from './token.ts'

const PERMIT_SECONDS = 3_600
const NO_ADDRESS = `0x${'0'.repeat(40)}`

/**
 * The caller pays at most `maxTotalWei`: out of its free balance, then its allowance, with a permit for Balances if that
 * is short, or an approval before it where the account cannot sign one. Call it inside `withPermit`, so that two permits never
 * get one nonce.
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
  const missingWei = maxTotalWei - freeWei
  const isShort = missingWei > allowanceWei
  const hasPermit = isShort && signsTypedData(context.runner)
  if (isShort && !hasPermit) await approveBalances(context, missingWei)
  const permitSignature = hasPermit
    ? await signPermit(context, signer, { valueWei: maxTotalWei, deadline })
    : '0x'
  return { payer: NO_ADDRESS, maxTotalWei, nonce: 0n, deadline, paySignature: '0x', permitSignature }
}
