import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import type { Rim } from './rim.ts'
import type { WithdrawOptions } from './verbs/withdraw.ts'
import { payOut } from './withdraw/payOut.ts'
import { startUnbonding } from './withdraw/startUnbonding.ts'
import { withSeller } from './withSeller.ts'

/**
 * Pays out what is free, unbonded money whose delay is over included; or starts that delay. Throws ClientError
 * before anything is sent if there is less than was asked for.
 */
export async function withdrawCommand(options: WithdrawOptions, rim: Rim): Promise<void> {
  await withSeller({ ...options, sign: true }, rim, async (seller) => {
    const { symbol, decimals, balanceWei: walletWei } = await readToken(seller.chain, seller.account)
    const amount = (wei: bigint) => `${formatUnits(wei, decimals)} ${symbol}`
    const run = { ...seller, options, rim, amount, decimals, walletWei }
    return options.unbond === undefined ? payOut(run) : startUnbonding(run, options.unbond)
  })
}
