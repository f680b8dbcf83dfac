import { local, type Theme } from '../local.ts'

const isDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const apply = (): void => {
  document.documentElement.dataset.theme = local.theme.get() ?? (isDark.matches ? 'dark' : 'light')
  for (const listener of listeners) listener()
}

/** Puts the user's theme on the page, or the system's, and keeps up with both. Call once, before the first paint. */
export const startTheme = (): void => {
  apply()
  isDark.addEventListener('change', apply)
  addEventListener('storage', apply) // another tab
}

/** Chooses a theme; undefined goes back to the system's. */
export const chooseTheme = (theme: Theme | undefined): void => {
  local.theme.set(theme)
  apply()
}

export const theme = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  /** What the page shows. */
  shown: (): string => document.documentElement.dataset.theme ?? 'light',
  /** What the user chose, if anything. */
  chosen: (): Theme | undefined => local.theme.get(),
}
