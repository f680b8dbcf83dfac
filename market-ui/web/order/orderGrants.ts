import { useSyncExternalStore } from 'react'

export type OrderGrant = { readonly header: string; readonly account: string; readonly expiresAt: number }

/** Grants that were signed in this tab, by order. In memory only: who reloads signs again. */
const grants = new Map<string, OrderGrant>()
const listeners = new Set<() => void>()

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Keeps a grant; undefined forgets it. */
export const keepGrant = (orderId: string, grant: OrderGrant | undefined): void => {
  if (grant) grants.set(orderId, grant)
  else grants.delete(orderId)
  for (const listener of listeners) listener()
}

/** The grant to read a private order, if one was signed here. */
export const useOrderGrant = (orderId: string): OrderGrant | undefined =>
  useSyncExternalStore(subscribe, () => grants.get(orderId))
