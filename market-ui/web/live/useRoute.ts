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

/** The page that the address names. */
export const useRoute = (): Route => readRoute(useSyncExternalStore(subscribe, () => location.pathname))

/** Goes to an address of this site without loading the page again. */
export const navigate = (url: string): void => {
  history.pushState(null, '', url)
  scrollTo(0, 0)
  navigations += 1
  dispatchEvent(new Event(NAVIGATED))
}
