import { queryOptions } from '@tanstack/react-query'
import type { Health, Machines, Order, Orders } from '../../server/api/schemas.ts'
import { healthApi, machinesApi, orderApi, ordersApi } from '../url.ts'
import { fetchJson } from './fetchJson.ts'

const HEALTH_EVERY_MS = 5_000

/** Asked on a clock, because it is how the page notices that nothing is pushed any more. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) => fetchJson<Health>(healthApi(), signal),
    refetchInterval: HEALTH_EVERY_MS,
  })

export const machinesQuery = () =>
  queryOptions({
    queryKey: ['machines'],
    queryFn: ({ signal }) => fetchJson<Machines>(machinesApi(), signal),
  })

export const ordersQuery = () =>
  queryOptions({ queryKey: ['orders'], queryFn: ({ signal }) => fetchJson<Orders>(ordersApi(), signal) })

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['order', orderId],
    queryFn: ({ signal }) => fetchJson<Order>(orderApi(orderId), signal),
  })
