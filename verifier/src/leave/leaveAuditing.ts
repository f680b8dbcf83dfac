import type { ChainContext } from '@trainyard/contracts/context.ts'
import { ChainError } from '@trainyard/contracts/errors.ts'
import { freeSeatStake } from '@trainyard/contracts/freeSeatStake.ts'
import { hasSeat } from '@trainyard/contracts/hasSeat.ts'
import { leaveSeat } from '@trainyard/contracts/leaveSeat.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readHead } from '@trainyard/contracts/readHead.ts'
import { unbond } from '@trainyard/contracts/unbond.ts'
import { withdraw } from '@trainyard/contracts/withdraw.ts'
import { withdrawUnbonded } from '@trainyard/contracts/withdrawUnbonded.ts'

/** What was done of leaving, and what is still to come. */
export type Leaving = {
  leftSeat: boolean
  unbondedWei: bigint
  withdrawnWei: bigint
  /** stands for the seat that was left, or for orders, disputes and other seats of the account */
  reservedWei: bigint
  /** Unix seconds at which the next step can be taken; null: nothing waits for the clock */
  nextAt: number | null
}

/**
 * Takes the steps of leaving that can be taken now: gives the seat up, frees its stake once no audit counts on it, unbonds
 * what stands for nothing, and pays out what is free. Nothing is done twice, so it is called again at `nextAt`.
 * Throws ChainError, ChainUnreachable.
 */
export async function leaveAuditing(
  context: ChainContext,
  { account, hardwareClass }: { account: string; hardwareClass: string },
): Promise<Leaving> {
  const leftSeat = await hasSeat(context, hardwareClass, account)
  if (leftSeat) await leaveSeat(context, { hardwareClass })
  const stakeUntil = await freeStake(context, hardwareClass)
  const isOver = await claimUnbonded(context, account)
  const { activeWei, reservedWei, unbondingWei } = await readBond(context, account)
  // What is unbonding already would wait from the start again.
  const unbondedWei = isOver ? activeWei - reservedWei : 0n
  if (unbondedWei > 0n) await unbond(context, { amountWei: unbondedWei })
  const withdrawnWei = await readFree(context, account)
  if (withdrawnWei > 0n) await withdraw(context, { amountWei: withdrawnWei })
  const isUnbonding = unbondingWei + unbondedWei > 0n
  const { withdrawableAt } = await readBond(context, account)
  const waits = [...(stakeUntil === null ? [] : [stakeUntil]), ...(isUnbonding ? [withdrawableAt] : [])]
  return {
    leftSeat,
    unbondedWei,
    withdrawnWei,
    reservedWei,
    nextAt: waits.length ? Math.min(...waits) : null,
  }
}

/** When the stake of a seat that was left comes free; null if there is none any more. */
async function freeStake(context: ChainContext, hardwareClass: string): Promise<number | null> {
  try {
    await freeSeatStake(context, { hardwareClass })
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    if (error.errorName === 'StakingTooEarly') return Number(error.args.notBefore)
    if (error.errorName !== 'StakingNoSeat') throw error
  }
  return null
}

/** Takes what has finished unbonding; false while something is still unbonding. */
async function claimUnbonded(context: ChainContext, account: string): Promise<boolean> {
  const [{ unbondingWei, withdrawableAt }, { timestamp }] = await Promise.all([
    readBond(context, account),
    readHead(context),
  ])
  if (unbondingWei === 0n) return true
  if (Math.max(timestamp, Math.floor(Date.now() / 1000)) < withdrawableAt) return false
  await withdrawUnbonded(context)
  return true
}
