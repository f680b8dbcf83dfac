import { parseUnits } from 'ethers'
import { ClientError } from '../../errors.ts'
import type { Rim } from '../rim.ts'
import type { WithdrawOptions } from '../verbs/withdraw.ts'
import type { SellerContext } from '../withSeller.ts'

/** What paying out and unbonding work with. */
export type WithdrawRun = SellerContext & {
  options: WithdrawOptions
  rim: Rim
  amount: (wei: bigint) => string
  decimals: number
  /** Tokens of the account outside the market. */
  walletWei: bigint
}

/** An amount of tokens in wei. Throws ClientError unless it is one, and more than 0. */
export function parseAmount(text: string, decimals: number): bigint {
  try {
    const wei = parseUnits(text, decimals)
    if (wei > 0n) return wei
  } catch {
    // told below
  }
  throw new ClientError(`"${text}" is no amount.`, 'Give one such as 12.5, or all. No money moved.')
}

export function dateOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString()
}
