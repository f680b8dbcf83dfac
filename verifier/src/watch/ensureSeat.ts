import type { ChainContext } from '@trainyard/contracts/context.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readParameters } from '@trainyard/contracts/readParameters.ts'
import { takeSeat } from '@trainyard/contracts/takeSeat.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import { VerifierError } from '../errors.ts'
import { ensureBond } from './ensureBond.ts'

/** The account has too few tokens for its seat. No money moved. */
class TokensMissing extends VerifierError {
  override name = 'TokensMissing'
  constructor(account: string, missing: string, full: string) {
    super(
      `${missing} are missing for the seat's bond of ${full}.`,
      `Send them to ${account}, with coin for gas, and start again. No money moved.`,
    )
  }
}

/**
 * Takes the account's seat in a hardware class unless it has one; deposits and bonds what the seat's stake (or
 * `bondWei`, if more) lacks. Returns whether it took one. Throws TokensMissing before it sends anything, and ChainError.
 */
export async function ensureSeat(
  context: ChainContext,
  args: { account: string; hardwareClass: string; bondWei: bigint | undefined },
): Promise<boolean> {
  const { account, hardwareClass, bondWei } = args
  if (await hasSeat(context, hardwareClass, account)) return false
  const { seatStakeWei } = await readParameters(context)
  const neededWei = bondWei === undefined || bondWei < seatStakeWei ? seatStakeWei : bondWei
  await requireTokens(context, account, neededWei)
  await ensureBond(context, account, neededWei)
  await takeSeat(context, { hardwareClass })
  return true
}

async function requireTokens(context: ChainContext, account: string, neededWei: bigint): Promise<void> {
  const [{ activeWei, reservedWei }, freeWei, { balanceWei, symbol, decimals }] = await Promise.all([
    readBond(context, account),
    readFree(context, account),
    readToken(context, account),
  ])
  const missingWei = neededWei - (activeWei - reservedWei) - freeWei - balanceWei
  const amount = (wei: bigint) => `${formatUnits(wei, decimals)} ${symbol}`
  if (missingWei > 0n) throw new TokensMissing(account, amount(missingWei), amount(neededWei))
}
