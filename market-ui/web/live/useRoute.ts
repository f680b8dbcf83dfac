import { useSyncExternalStore } from 'react'
import { type Route, readRoute } from '../url.ts'

const NAVIGATED = 'trainyard:navigated'

let navigations = 0

/** Whether this is another page than the one that was loaded. */
export const hasNavigated = (): boolean => navigations > 0

const subscribe = (onChange: () => void): (() => void) => {
  addEventListener('popstate', onChange)
  addEventListener(NAVIGATED, onChange)
  return () => {
    removeEventListener('popstate', onChange)
    removeEventListener(NAVIGATED, onChange)
  }
}

/** The path of the address. */
export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname)

/** The page that the address names. */
export const useRoute = (): Route => readRoute(usePath())

/** The query of the address, such as "?mode=free". */
export const useSearch = (): string => useSyncExternalStore(subscribe, () => location.search)

/** Puts another query into the address of this page; the way back skips it. */
export const replaceSearch = (search: string): void => {
  history.replaceState(null, '', location.pathname + search)
  dispatchEvent(new Event(NAVIGATED))
}

/** Puts another query into the address of this page; the way back leads to the former one. */
export const pushSearch = (search: string): void => {
  history.pushState(null, '', location.pathname + search)
  dispatchEvent(new Event(NAVIGATED))
}

/** Goes to an address of this site without loading the page again. */
export const navigate = (url: string): void => {
  history.pushState(null, '', url)
  scrollTo(0, 0)
  navigations += 1
  dispatchEvent(new Event(NAVIGATED))
}
