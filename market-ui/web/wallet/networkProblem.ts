import type { WalletState } from './WalletStore.ts'

type Chain = { readonly chainId: number | null; readonly genesisHash: string | null }

/** `number`: another network; `genesis`: one with the same number that is another chain. Undefined: nothing is wrong. */
export const networkProblem = (
  { phase, chainId, genesisHash }: WalletState,
  market: Chain | undefined,
): 'number' | 'genesis' | undefined => {
  if (phase !== 'connected' || market?.chainId == null || chainId === undefined) return undefined
  if (chainId !== market.chainId) return 'number'
  return genesisHash !== undefined && market.genesisHash !== null && genesisHash !== market.genesisHash
    ? 'genesis'
    : undefined
}
