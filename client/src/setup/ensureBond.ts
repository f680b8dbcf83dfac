import { bond } from '@trainyard/contracts/bond.ts'
import type { ChainContext } from '@trainyard/contracts/context.ts'
import { deposit } from '@trainyard/contracts/deposit.ts'
import { readBond } from '@trainyard/contracts/readBond.ts'
import { readFree } from '@trainyard/contracts/readFree.ts'
import { readToken } from '@trainyard/contracts/token.ts'
import { formatUnits } from 'ethers'
import { ClientError } from '../errors.ts'

/**
 * Tops the seller's bond up to bondWei, from its free balance and then from its wallet. Throws ClientError,
 * which says how much is missing, before anything is sent.
 */
export async function ensureBond(chain: ChainContext, seller: string, bondWei: bigint): Promise<void> {
  const { activeWei } = await readBond(chain, seller)
  const neededWei = bondWei - activeWei
  if (neededWei <= 0n) return
  const freeWei = await readFree(chain, seller)
  const depositWei = neededWei > freeWei ? neededWei - freeWei : 0n
  if (depositWei > 0n) {
    const { balanceWei, symbol, decimals } = await readToken(chain, seller)
    if (balanceWei < depositWei) {
      const missing = formatUnits(depositWei - balanceWei, decimals)
      const full = formatUnits(bondWei, decimals)
      throw new ClientError(
        `${missing} ${symbol} are missing for the bond of ${full} ${symbol}.`,
        `Send them to ${seller}, or lower bondWei. No money moved.`,
      )
    }
    await deposit(chain, { amountWei: depositWei })
  }
  await bond(chain, { amountWei: neededWei })
}
