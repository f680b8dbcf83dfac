import { queryOptions, skipToken } from '@tanstack/react-query'
import type { Auditor, Auditors, Notices } from '../../server/api/accountSchemas.ts'
import type { ImageOnMachine, MachineDetail, Machines, Score } from '../../server/api/machineSchemas.ts'
import type {
  Activity,
  AwaitedRounds,
  Chain,
  Dispute,
  Disputes,
  Health,
  Order,
  Orders,
  Templates,
} from '../../server/api/schemas.ts'
import {
  activityApi,
  auditorApi,
  auditorsApi,
  chainApi,
  disputeApi,
  disputesApi,
  healthApi,
  imageApi,
  inboxApi,
  machineApi,
  machinesApi,
  type OrdersWanted,
  orderApi,
  orderRoundsApi,
  ordersApi,
  scoreApi,
  templatesApi,
} from '../url.ts'
import { fetchJson } from './fetchJson.ts'

const HEALTH_EVERY_MS = 5_000
const INBOX_EVERY_MS = 15_000
const SCORE_EVERY_MS = 60_000
const ROUNDS_EVERY_MS = 5_000

/** Asked on a clock, because it is how the page notices that nothing is pushed any more. */
export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: ({ signal }) => fetchJson<Health>(healthApi(), signal),
    refetchInterval: HEALTH_EVERY_MS,
  })

export const chainQuery = () =>
  queryOptions({ queryKey: ['chain'], queryFn: ({ signal }) => fetchJson<Chain>(chainApi(), signal) })

export const templatesQuery = () =>
  queryOptions({
    queryKey: ['templates'],
    queryFn: ({ signal }) => fetchJson<Templates>(templatesApi(), signal),
  })

export const activityQuery = () =>
  queryOptions({
    queryKey: ['activity'],
    queryFn: ({ signal }) => fetchJson<Activity>(activityApi(), signal),
  })

export const machinesQuery = () =>
  queryOptions({
    queryKey: ['machines'],
    queryFn: ({ signal }) => fetchJson<Machines>(machinesApi(), signal),
    structuralSharing: false, // comparing ten thousand machines costs more than drawing the few that are seen
  })

export const machineQuery = (machineId: string) =>
  queryOptions({
    queryKey: ['machine', machineId],
    queryFn: ({ signal }) => fetchJson<MachineDetail>(machineApi(machineId), signal),
  })

export const ordersQuery = (wanted: OrdersWanted = {}) =>
  queryOptions({
    queryKey: ['orders', wanted],
    queryFn: ({ signal }) => fetchJson<Orders>(ordersApi(wanted), signal),
  })

export const orderQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['order', orderId],
    queryFn: ({ signal }) => fetchJson<Order>(orderApi(orderId), signal),
  })

/** Asked once for a form: what the machine said when the price was reviewed is what is signed. */
export const imageQuery = (machineId: string, image: string) =>
  queryOptions({
    queryKey: ['image', machineId, image],
    queryFn: ({ signal }) => fetchJson<ImageOnMachine>(imageApi(machineId, image), signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Asked on a clock: a round is shown without anything of the order being another. */
export const orderRoundsQuery = (orderId: string) =>
  queryOptions({
    queryKey: ['rounds', orderId],
    queryFn: ({ signal }) => fetchJson<AwaitedRounds>(orderRoundsApi(orderId), signal),
    refetchInterval: ROUNDS_EVERY_MS,
  })

export const auditorsQuery = () =>
  queryOptions({
    queryKey: ['auditor'],
    queryFn: ({ signal }) => fetchJson<Auditors>(auditorsApi(), signal),
  })

export const auditorQuery = (account: string) =>
  queryOptions({
    queryKey: ['auditor', account],
    queryFn: ({ signal }) => fetchJson<Auditor>(auditorApi(account), signal),
  })

/** `inBackground`: also while the page is not seen, on a clock, since pages hold no stream then. */
export const inboxQuery = (account: string | undefined, inBackground: boolean) =>
  queryOptions({
    queryKey: ['inbox', account],
    queryFn: account ? ({ signal }) => fetchJson<Notices>(inboxApi(account), signal) : skipToken,
    refetchInterval: inBackground && INBOX_EVERY_MS,
    refetchIntervalInBackground: inBackground,
  })

/** Those that are not closed. */
export const disputesQuery = () =>
  queryOptions({
    queryKey: ['disputes'],
    queryFn: ({ signal }) => fetchJson<Disputes>(disputesApi(), signal),
  })

export const disputeQuery = (disputeId: string) =>
  queryOptions({
    queryKey: ['dispute', disputeId],
    queryFn: ({ signal }) => fetchJson<Dispute>(disputeApi(disputeId), signal),
  })

/** Asked on a clock: a score fades while nothing happens. */
export const scoreQuery = (machineId: string) =>
  queryOptions({
    queryKey: ['score', machineId],
    queryFn: ({ signal }) => fetchJson<Score>(scoreApi(machineId), signal),
    refetchInterval: SCORE_EVERY_MS,
  })
