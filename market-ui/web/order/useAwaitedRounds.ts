import { useQuery } from '@tanstack/react-query'
import type { AwaitedRounds } from '../../server/api/schemas.ts'
import { chainQuery, orderRoundsQuery } from '../api/queries.ts'

const NO_BEACON = /^0x0*$/

export type AwaitedRound = AwaitedRounds['rounds'][number]

/** The drand rounds that an order and its disputes wait for; none where hashes of blocks draw. */
export const useAwaitedRounds = (orderId: string): readonly AwaitedRound[] => {
  const { data: chain } = useQuery(chainQuery())
  const isDrand = chain !== undefined && !NO_BEACON.test(chain.deployment.beacon)
  const { data } = useQuery({ ...orderRoundsQuery(orderId), enabled: isDrand })
  return isDrand ? (data?.rounds ?? []) : []
}
