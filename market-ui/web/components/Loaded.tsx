import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorPanel } from './ErrorPanel.tsx'
import { SkeletonRows } from './Skeleton.tsx'

type Props<Data> = {
  readonly query: UseQueryResult<Data>
  readonly what: string
  readonly skeletonRows: number
  readonly children: (data: Data) => ReactNode
}

/** Loading, failed, or there. What was read before stays on the page when reading it again fails: a banner says so. */
export const Loaded = <Data,>({ query, what, skeletonRows, children }: Props<Data>) => {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
  return <SkeletonRows rows={skeletonRows} what={what} />
}
