/** Every address of the market, and what a path means. Nothing else writes or reads URLs. */

export type Route =
  | { readonly page: 'market' }
  | { readonly page: 'order'; readonly orderId: string }
  | { readonly page: 'unknown' }

export const marketUrl = (): string => '/'
export const orderUrl = (orderId: string): string => `/orders/${orderId}`

export const readRoute = (pathname: string): Route => {
  if (pathname === '/') return { page: 'market' }
  const order = /^\/orders\/([1-9]\d{0,14})\/?$/.exec(pathname)
  return order ? { page: 'order', orderId: order[1]! } : { page: 'unknown' }
}

export const healthApi = (): string => '/api/health'
export const machinesApi = (): string => '/api/machines'
export const ordersApi = (): string => '/api/orders'
export const orderApi = (orderId: string): string => `/api/orders/${orderId}`
export const orderEventsApi = (orderId: string): string => `/api/orders/${orderId}/events`
export const changesApi = (): string => '/api/stream'
