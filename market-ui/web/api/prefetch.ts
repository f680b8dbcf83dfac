import type { QueryClient } from '@tanstack/react-query'
import type { Route } from '../url.ts'
import {
  activityQuery,
  chainQuery,
  disputeQuery,
  disputesQuery,
  machineQuery,
  machinesQuery,
  orderQuery,
  ordersQuery,
  templatesQuery,
} from './queries.ts'

/** Asks for what a page shows first before its script is there. What fails is asked again by the page. */
export const prefetch = (client: QueryClient, route: Route): void => {
  switch (route.page) {
    case 'order':
      void client.prefetchQuery(orderQuery(route.orderId))
      return
    case 'machine':
      void client.prefetchQuery(machineQuery(route.machineId))
      return
    case 'dispute':
      void client.prefetchQuery(disputeQuery(route.disputeId))
      return
    case 'newOrder':
      void client.prefetchQuery(chainQuery())
      void client.prefetchQuery(templatesQuery())
      void client.prefetchQuery(machinesQuery())
      return
    case 'audit':
      void client.prefetchQuery(ordersQuery({ limit: 200 }))
      void client.prefetchQuery(disputesQuery())
      void client.prefetchQuery(activityQuery())
      return
    default:
  }
}
