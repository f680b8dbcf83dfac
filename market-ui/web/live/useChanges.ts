import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Change } from '../../server/live/Hub.ts'
import { changesApi } from '../url.ts'
import { openStream } from './openStream.ts'

/** Keeps what the page has read in step with the chain, through the server's stream of changes. */
export const useChanges = (): void => {
  const client = useQueryClient()
  useEffect(
    () =>
      openStream(changesApi(), {
        events: { message: (data) => applyChange(client, data as Change) },
        onOpen: () => void readAgain(client),
        onLost: () => void client.invalidateQueries({ queryKey: ['health'] }),
      }),
    [client],
  )
}

/**
 * What changed before the stream opened is unknown, so everything is read again. What is being read already is shown
 * first: breaking it off would make a page wait twice for its first answer.
 */
const readAgain = async (client: QueryClient): Promise<void> => {
  const underWay = client.getQueryCache().findAll({ fetchStatus: 'fetching' })
  await client.invalidateQueries(undefined, { cancelRefetch: false })
  for (const { queryKey } of underWay) void client.invalidateQueries({ queryKey, exact: true })
}

const applyChange = (client: QueryClient, change: Change): void => {
  const again = (...queryKey: string[]) => void client.invalidateQueries({ queryKey })
  switch (change.topic) {
    case 'order':
      again('order', change.id)
      again('orders')
      again('disputes')
      again('dispute') // it moves with its order
      again('activity')
      again('inbox')
      again('auditor')
      return
    case 'machine':
      again('machines')
      again('machine', change.id)
      return
    case 'head':
    case 'node':
      again('health')
      return
    default:
      void client.invalidateQueries()
  }
}
