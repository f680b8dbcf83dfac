import { interfaces } from '@trainyard/contracts/pallets.ts'
import type { Rig } from './startRig.ts'

export type SentTransaction = { nonce: number; to: string; data: string; succeeded: boolean }

const AT_ONCE = 32

/** All transactions of an account that are on chain, in order of their nonces. Newest blocks first: of a ticking chain there are many. */
export async function transactionsOf(rig: Rig, account: string): Promise<SentTransaction[]> {
  const { provider } = rig.devnet
  const found: SentTransaction[] = []
  const count = await provider.getTransactionCount(account)
  for (let head = await provider.getBlockNumber(); head >= 0 && found.length < count; head -= AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, head + 1) }, (_, back) => head - back)
    const blocks = await Promise.all(numbers.map((number) => provider.getBlock(number, true)))
    for (const { from, nonce, to, data, hash } of blocks.flatMap((block) => block!.prefetchedTransactions)) {
      if (from.toLowerCase() !== account.toLowerCase()) continue
      const receipt = await provider.getTransactionReceipt(hash)
      found.push({ nonce, to: to ?? '', data, succeeded: receipt?.status === 1 })
    }
  }
  return found.sort((a, b) => a.nonce - b.nonce)
}

/** Calls that failed on chain; settling aside, where anybody may come first between estimate and block. */
export function failedCalls(transactions: readonly SentTransaction[]): SentTransaction[] {
  const { market, proofs } = interfaces
  const settling = [market.getFunction('settleOrder'), proofs.getFunction('settlePassed')]
  const isSettling = (data: string) => settling.some((call) => call && data.startsWith(call.selector))
  return transactions.filter(({ succeeded, data }) => !succeeded && !isSettling(data))
}

/** Calls that are on chain more than once, by selector. */
export function repeatedCalls(transactions: readonly SentTransaction[]): string[] {
  const seen = new Set<string>()
  return transactions.flatMap(({ to, data }) => {
    const call = `${to}:${data}`
    if (seen.has(call)) return [data.slice(0, 10)]
    seen.add(call)
    return []
  })
}
