import type { JsonRpcApiProvider } from 'ethers'
import type { SentTx } from './TracingSigner.ts'
import { TransactionLost } from './TransactionLost.ts'

const LOOK_MS = 1_000
/** How long the market's node may not know a transaction that the wallet's has taken. */
const UNKNOWN_MS = 60_000
const UNKNOWN_ON_DEVNET_MS = 10_000
const DEVNET_CHAIN_ID = 31_337n

/**
 * Watches a sent transaction and rejects with TransactionLost once it cannot be included any more: its number is used
 * by another, or no node has it. Never resolves; ends when `signal` does.
 */
export const untilLost = async (
  provider: JsonRpcApiProvider,
  account: string,
  { hash, nonce }: SentTx,
  signal: AbortSignal,
): Promise<never> => {
  const isDevnet = (await provider.getNetwork()).chainId === DEVNET_CHAIN_ID
  let unknownSinceMs: number | undefined
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    if (signal.aborted) return new Promise(() => undefined)
    try {
      const used = await provider.getTransactionCount(account, 'latest')
      const [receipt, known] = await Promise.all([
        provider.getTransactionReceipt(hash),
        provider.getTransaction(hash),
      ])
      if (receipt) return new Promise(() => undefined) // the one who waits for it sees it too
      if (used > nonce) throw TransactionLost.replaced(hash)
      unknownSinceMs = known ? undefined : (unknownSinceMs ?? Date.now())
      const limitMs = isDevnet ? UNKNOWN_ON_DEVNET_MS : UNKNOWN_MS
      if (unknownSinceMs !== undefined && Date.now() - unknownSinceMs > limitMs)
        throw TransactionLost.dropped(hash)
    } catch (error) {
      if (error instanceof TransactionLost) throw error // a node that does not answer now may answer later
    }
  }
}
