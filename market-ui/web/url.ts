/** Every address of the market, and what a path means. Nothing else writes or reads URLs. */

export type Route =
  | { readonly page: 'market' | 'newOrder' | 'jobs' | 'sell' | 'audit' | 'inbox' | 'settings' | 'unknown' }
  | { readonly page: 'order'; readonly orderId: string }
  | { readonly page: 'machine'; readonly machineId: string }
  | { readonly page: 'dispute'; readonly disputeId: string }
  | { readonly page: 'tx'; readonly hash: string }

export const marketUrl = (search = ''): string => `/${search}`
export const orderTabs = ['overview', 'metrics', 'logs', 'results', 'proofs', 'payments'] as const
export type OrderTab = (typeof orderTabs)[number]
/** The first tab is the page's plain address. */
export const orderTabSearch = (tab: OrderTab): string => (tab === 'overview' ? '' : `?tab=${tab}`)
export const readOrderTab = (search: string): OrderTab => {
  const wanted = new URLSearchParams(search).get('tab')
  return orderTabs.find((tab) => tab === wanted) ?? 'overview'
}
export const orderUrl = (orderId: string, tab: OrderTab = 'overview'): string =>
  `/orders/${orderId}${orderTabSearch(tab)}`
export const machineUrl = (machineId: string): string => `/machines/${machineId}`
export const txUrl = (hash: string): string => `/tx/${hash}`
export const disputeUrl = (disputeId: string): string => `/disputes/${disputeId}`
/** `from`: an order whose job is taken over; `resume`: one whose last checkpoint is, too. */
export const newOrderUrl = (
  start: { readonly machine?: string; readonly from?: string; readonly resume?: string } = {},
): string => {
  const search = new URLSearchParams(start).toString()
  return `/order/new${search && `?${search}`}`
}
export const jobsUrl = (): string => '/jobs'
export const sellUrl = (): string => '/sell'
export const auditUrl = (): string => '/audit'
export const inboxUrl = (): string => '/inbox'
export const settingsUrl = (): string => '/settings'

const pages: Readonly<Record<string, Exclude<Route['page'], 'order' | 'machine' | 'dispute' | 'tx'>>> = {
  '/': 'market',
  '/order/new': 'newOrder',
  '/jobs': 'jobs',
  '/sell': 'sell',
  '/audit': 'audit',
  '/inbox': 'inbox',
  '/settings': 'settings',
}

export const readRoute = (pathname: string): Route => {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined
  if (page) return { page }
  const [, hash] = /^\/tx\/(0x[0-9a-fA-F]{64})$/.exec(path) ?? []
  if (hash !== undefined) return { page: 'tx', hash: hash.toLowerCase() }
  const [, kind, id] = /^\/(orders|machines|disputes)\/([1-9]\d{0,14})$/.exec(path) ?? []
  if (id === undefined) return { page: 'unknown' }
  if (kind === 'disputes') return { page: 'dispute', disputeId: id }
  return kind === 'orders' ? { page: 'order', orderId: id } : { page: 'machine', machineId: id }
}

export type OrdersWanted = {
  readonly account?: string | undefined
  readonly seller?: string | undefined
  readonly machineId?: string | undefined
  readonly limit?: number
}

export const healthApi = (): string => '/api/health'
export const chainApi = (): string => '/api/chain'
export const rpcApi = (): string => '/api/rpc'
export const nodeApi = (): string => '/api/node'
export const devnetCoinApi = (): string => '/api/devnet/coin'
export const templatesApi = (): string => '/api/templates'
export const activityApi = (): string => '/api/activity'
export const auditorsApi = (): string => '/api/auditors'
export const auditorApi = (account: string): string => `${auditorsApi()}/${account}`
export const inboxApi = (account: string): string => `/api/inbox?account=${account}`
export const webhooksApi = (id?: string): string => `/api/webhooks${id === undefined ? '' : `/${id}`}`
export const machinesApi = (): string => '/api/machines'
export const machineApi = (machineId: string): string => `/api/machines/${machineId}`
export const imageApi = (machineId: string, image: string): string =>
  `${machineApi(machineId)}/image?image=${encodeURIComponent(image)}`
export const scoreApi = (machineId: string): string => `${machineApi(machineId)}/score`
export const ordersApi = (wanted: OrdersWanted = {}): string => {
  const given = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const search = new URLSearchParams(given as [string, string][]).toString()
  return `/api/orders${search && `?${search}`}`
}
export const orderApi = (orderId: string): string => `/api/orders/${orderId}`
export const orderRoundsApi = (orderId: string): string => `${orderApi(orderId)}/rounds`
export const roundApi = (round: number): string => `/api/rounds/${round}`
export const disputesApi = (): string => '/api/disputes'
export const disputeApi = (disputeId: string): string => `/api/disputes/${disputeId}`
export const orderJobApi = (orderId: string): string => `/api/orders/${orderId}/job`
export const orderEventsApi = (orderId: string): string => `/api/orders/${orderId}/events`
export const checkpointApi = (orderId: string, step: number): string =>
  `/api/orders/${orderId}/checkpoints/${step}`
export const changesApi = (): string => '/api/stream'
export const blockApi = (cid: string): string => `/store/blocks/${cid}`
export const contentApi = (cid: string): string => `/ipfs/${cid}?format=raw`
