import { bond } from '@trainyard/contracts/bond.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'

/**
 * Takes the account's seat in a hardware class unless it has one; deposits and bonds what the seat's stake (or
 * `bondWei`, if more) lacks. Returns whether it took one. Throws ChainError, such as too few tokens.
 */
export async function ensureSeat(
  context: ChainContext,
  args: { account: string; hardwareClass: string; bondWei: bigint | undefined },
): Promise<boolean> {
  const { account, hardwareClass, bondWei = 0n } = args
  if (await hasSeat(context, hardwareClass, account)) return false
  const { seatStakeWei } = await readParameters(context)
  const { activeWei, reservedWei } = await readBond(context, account)
  let lackingWei = seatStakeWei - (activeWei - reservedWei)
  if (bondWei > seatStakeWei) lackingWei += bondWei - seatStakeWei
  if (lackingWei > 0n) {
    const freeWei = await readFree(context, account)
    if (freeWei < lackingWei) await deposit(context, { amountWei: lackingWei - freeWei })
    await bond(context, { amountWei: lackingWei })
  }
  await takeSeat(context, { hardwareClass })
  return true
}
