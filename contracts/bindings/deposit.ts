import { Signature } from 'ethers'
import type { ChainContext } from './context.ts'
import { readHead } from './readHead.ts'
import { type Sent, send } from './send.ts'
import { withPermit } from './serialised.ts'
import { signerOf, signsTypedData } from './signer.ts'
import { approveBalances, readToken, signPermit } from './token.ts'

const PERMIT_SECONDS = 3_600

async function depositNow(context: ChainContext, account: string, amountWei: bigint): Promise<Sent> {
  const { allowanceWei } = await readToken(context, account)
  const hasNoPermit = !signsTypedData(context.runner)
  if (hasNoPermit && allowanceWei < amountWei) await approveBalances(context, amountWei)
  if (hasNoPermit || allowanceWei >= amountWei) return send(context, 'balances', 'deposit', [amountWei])
  const deadline = BigInt((await readHead(context)).timestamp + PERMIT_SECONDS)
  const permit = Signature.from(
    await signPermit(context, signerOf(context), { valueWei: amountWei, deadline }),
  )
  return send(context, 'balances', 'depositWithPermit', [amountWei, deadline, permit.v, permit.r, permit.s])
}

/**
 * Moves tokens into the caller's free balance; signs a permit for Balances if the allowance is short, or sends an approval
 * first where the account cannot sign one.
 */
export async function deposit(context: ChainContext, args: { amountWei: bigint }): Promise<Sent> {
  const account = await signerOf(context).getAddress()
  return withPermit(context, account, () => depositNow(context, account, args.amountWei))
}
