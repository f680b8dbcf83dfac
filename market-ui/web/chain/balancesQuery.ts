import { queryOptions, skipToken } from '@tanstack/react-query'
import type { Chain } from '../../server/api/schemas.ts'

export type Balances = {
  readonly tokenWei: string
  readonly freeWei: string
  readonly heldWei: string
  readonly coinWei: string
}

/** What an account has, straight from the chain. */
export const balancesQuery = (chain: Chain | undefined, account: string | undefined) =>
  queryOptions({
    queryKey: ['balances', chain?.deployment.genesisHash, account],
    queryFn:
      chain && account
        ? async (): Promise<Balances> =>
            (await import('./readBalances.ts')).readBalances(chain.deployment, account)
        : skipToken,
    staleTime: 2_000,
    refetchInterval: 5_000,
  })
