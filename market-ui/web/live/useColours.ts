import { useMemo, useSyncExternalStore } from 'react'

const isDark = matchMedia('(prefers-color-scheme: dark)')

const subscribe = (onChange: () => void): (() => void) => {
  isDark.addEventListener('change', onChange)
  return () => isDark.removeEventListener('change', onChange)
}

export type Colours = {
  readonly accent: string
  readonly muted: string
  readonly line: string
  readonly strong: string
}

/** The values of colour tokens, for canvases, which cannot use variables. Changes with the colour scheme. */
export const useColours = (): Colours => {
  const scheme = useSyncExternalStore(subscribe, () => isDark.matches)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme is what changes the values
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    const value = (token: string) => style.getPropertyValue(token).trim()
    return {
      accent: value('--accent'),
      muted: value('--muted'),
      line: value('--line'),
      strong: value('--line-strong'),
    }
  }, [scheme])
}
