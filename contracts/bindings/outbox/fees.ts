import type { Provider, TransactionRequest } from 'ethers'
import type { OutboxVersion } from './outbox.ts'

export type Fees = { readonly maxFeeWei: bigint; readonly tipWei: bigint; readonly isLegacy: boolean }

/** Nodes take another transaction of the same nonce only if it pays 10 % more, some 12.5 %. */
const BUMP_PERCENT = 120n

/** What a unit of gas should be bid now; above `former`, so that nodes take it in place of those. */
export async function feesNow(provider: Provider, former: readonly OutboxVersion[] = []): Promise<Fees> {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData()
  const isLegacy = maxFeePerGas === null
  const asked = isLegacy
    ? { maxFeeWei: gasPrice ?? 0n, tipWei: 0n }
    : { maxFeeWei: maxFeePerGas, tipWei: maxPriorityFeePerGas ?? 0n }
  const above = (field: 'maxFeeWei' | 'tipWei') =>
    former.reduce((most, version) => {
      const least = (BigInt(version[field]) * BUMP_PERCENT) / 100n + 1n
      return least > most ? least : most
    }, asked[field])
  return { maxFeeWei: above('maxFeeWei'), tipWei: isLegacy ? 0n : above('tipWei'), isLegacy }
}

/** The fields of a transaction that bids these fees. */
export function feeFields({ maxFeeWei, tipWei, isLegacy }: Fees): TransactionRequest {
  return isLegacy
    ? { type: 0, gasPrice: maxFeeWei }
    : { type: 2, maxFeePerGas: maxFeeWei, maxPriorityFeePerGas: tipWei }
}
