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
        onOpen: () => void client.invalidateQueries(), // what changed before it opened is unknown
        onLost: () => void client.invalidateQueries({ queryKey: ['health'] }),
      }),
    [client],
  )
}

const applyChange = (client: QueryClient, change: Change): void => {
  const again = (...queryKey: string[]) => void client.invalidateQueries({ queryKey })
  switch (change.topic) {
    case 'order':
      again('order', change.id)
      again('orders')
      again('activity')
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
