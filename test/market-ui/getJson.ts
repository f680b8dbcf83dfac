import type { ImageOnMachine, Machines } from '@trainyard/market-ui/api/machineSchemas.ts'
import type { Activity, Dispute, Disputes, Health, Order, Orders } from '@trainyard/market-ui/api/schemas.ts'

const get = async <T>(url: string): Promise<T> => {
  const response = await fetch(url)
  return (await response.json()) as T
}

export const getHealth = (base: string): Promise<Health> => get(`${base}/api/health`)
export const getImage = (base: string, machineId: number, image: string): Promise<ImageOnMachine> =>
  get(`${base}/api/machines/${machineId}/image?image=${image}`)
export const getMachines = (base: string): Promise<Machines> => get(`${base}/api/machines`)
export const getOrders = (base: string): Promise<Orders> => get(`${base}/api/orders`)
export const getOrder = (base: string, orderId: bigint | number): Promise<Order> =>
  get(`${base}/api/orders/${orderId}`)
export const getDisputes = (base: string): Promise<Disputes> => get(`${base}/api/disputes`)
export const getDispute = (base: string, disputeId: bigint | number): Promise<Dispute> =>
  get(`${base}/api/disputes/${disputeId}`)
export const getActivity = (base: string): Promise<Activity> => get(`${base}/api/activity`)
