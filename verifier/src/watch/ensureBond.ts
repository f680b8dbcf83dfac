import { bond } from '@trainyard/contracts/bond.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'

/** Deposits and bonds what an account's unreserved bond lacks of `neededWei`. Throws ChainError, such as too few tokens. */
export async function ensureBond(context: ChainContext, account: string, neededWei: bigint): Promise<void> {
  const { activeWei, reservedWei } = await readBond(context, account)
  const lackingWei = neededWei - (activeWei - reservedWei)
  if (lackingWei <= 0n) return
  const freeWei = await readFree(context, account)
  if (freeWei < lackingWei) await deposit(context, { amountWei: lackingWei - freeWei })
  await bond(context, { amountWei: lackingWei })
}
