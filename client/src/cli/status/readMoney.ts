import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import type { SellerContext } from '../withSeller.ts'

/** Where the seller's tokens are. */
export async function readMoney({ chain, account }: Pick<SellerContext, 'chain' | 'account'>) {
  const [freeWei, bond, { balanceWei: walletWei }] = await Promise.all([
    readFree(chain, account),
    readBond(chain, account),
    readToken(chain, account),
  ])
  return { freeWei, walletWei, bond }
}

export type Money = Awaited<ReturnType<typeof readMoney>>
