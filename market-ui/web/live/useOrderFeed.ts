import { useMemo, useSyncExternalStore } from 'react'
import { type FeedSnapshot, OrderFeedStore } from './OrderFeedStore.ts'

/** The live feed of an order: its loss points, its last 1,000 log lines, and how the connection is. */
export const useOrderFeed = (orderId: string, authorization?: string): FeedSnapshot => {
  const store = useMemo(() => new OrderFeedStore(orderId, authorization), [orderId, authorization])
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
