import { skipToken, useQuery } from '@tanstack/react-query'
import { chainQuery } from '../api/queries.ts'
import { Dev } from '../components/Dev.tsx'

/** What an account has staked, straight from the chain: a slash takes from all of it, whatever is reserved. */
export const StakeOf = ({ account }: { account: string }) => {
  const { data: chain } = useQuery(chainQuery())
  const { data: stake, isError } = useQuery({
    queryKey: ['stake', account],
    queryFn: chain
      ? async () => (await import('../sell/readStake.ts')).readStake(chain.deployment, account)
      : skipToken,
  })
  if (stake) return <Dev wei={stake.activeWei} />
  return <span className="text-muted">{isError ? 'not known' : '…'}</span>
}
