import { useMemo, useSyncExternalStore } from 'react'
import { theme } from './theme.ts'

export type Colours = {
  readonly accent: string
  readonly muted: string
  readonly line: string
  readonly strong: string
}

/** The values of colour tokens, for canvases, which cannot use variables. Changes with the theme. */
export const useColours = (): Colours => {
  const shown = useSyncExternalStore(theme.subscribe, theme.shown)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what changes the values
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    const value = (token: string) => style.getPropertyValue(token).trim()
    return {
      accent: value('--accent'),
      muted: value('--muted'),
      line: value('--line'),
      strong: value('--line-strong'),
    }
  }, [shown])
}
