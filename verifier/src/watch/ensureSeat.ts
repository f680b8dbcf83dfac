import type { ChainContext } from '@trainyard/contracts/context.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { ensureBond } from './ensureBond.ts'

/**
 * Takes the account's seat in a hardware class unless it has one; deposits and bonds what the seat's stake (or
 * `bondWei`, if more) lacks. Returns whether it took one. Throws ChainError, such as too few tokens.
 */
export async function ensureSeat(
  context: ChainContext,
  args: { account: string; hardwareClass: string; bondWei: bigint | undefined },
): Promise<boolean> {
  const { account, hardwareClass, bondWei } = args
  if (await hasSeat(context, hardwareClass, account)) return false
  const { seatStakeWei } = await readParameters(context)
  await ensureBond(context, account, bondWei === undefined || bondWei < seatStakeWei ? seatStakeWei : bondWei)
  await takeSeat(context, { hardwareClass })
  return true
}
