import { useSyncExternalStore } from 'react'

const TICK_MS = 1_000

const subscribe = (onTick: () => void): (() => void) => {
  const timer = setInterval(onTick, TICK_MS)
  return () => clearInterval(timer)
}

/** The wall clock in whole seconds since 1970, ticking. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => Math.floor(Date.now() / 1000))
