import type { ChainContext } from '@trainyard/contracts/context.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits, ZeroAddress } from 'ethers'

/** How people read amounts of the market's token: 36.0 DEV. JSON keeps the smallest unit. */
export async function amountsIn(context: ChainContext): Promise<(wei: bigint) => string> {
  const { symbol, decimals } = await readToken(context, ZeroAddress)
  return (wei) => `${formatUnits(wei, decimals)} ${symbol}`
}
