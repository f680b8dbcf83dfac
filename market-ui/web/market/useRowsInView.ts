import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'

/** Up to here all rows are drawn: the browser's own search then finds them. */
const MAX_WHOLE = 100
/** Rows drawn above and below the screen, so that a fast scroll does not run ahead of them. */
const SPARE_ROWS = 6

/** Rows that pass in one frame: more, and nobody reads them. */
const FAST_ROWS = 3
/** Without a fast frame for so long the scroll has slowed down. */
const SLOW_AFTER_MS = 100

/**
 * Which rows are near the screen, [first, end), how high each is (machines.css says that), and whether they pass so fast
 * that it is enough to draw what catches the eye.
 */
export const useRowsInView = (body: RefObject<HTMLElement | null>, count: number) => {
  const rowPx = useSyncExternalStore(onWidth, rowHeightPx)
  const [seen, setSeen] = useState({ first: 0, rows: 20, isFast: false })
  useEffect(() => {
    let lastTop = body.current?.getBoundingClientRect().top ?? 0
    let slow: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0
      const isFast = Math.abs(top - lastTop) > FAST_ROWS * rowPx
      lastTop = top
      if (isFast) {
        clearTimeout(slow)
        slow = setTimeout(() => setSeen((before) => ({ ...before, isFast: false })), SLOW_AFTER_MS)
      }
      const first = Math.max(0, Math.floor(-top / rowPx) - SPARE_ROWS)
      const rows = Math.ceil(innerHeight / rowPx) + 2 * SPARE_ROWS
      setSeen((before) => {
        const now = { first, rows, isFast: isFast || before.isFast }
        const isSame = before.first === first && before.rows === rows && before.isFast === now.isFast
        return isSame ? before : now
      })
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      clearTimeout(slow)
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [body, rowPx])
  if (count <= MAX_WHOLE) return { first: 0, end: count, rowPx, isFast: false }
  const first = Math.min(seen.first, Math.max(0, count - 1))
  return { first, end: Math.min(count, first + seen.rows), rowPx, isFast: seen.isFast }
}

const isNarrow = matchMedia('(width < 40rem)')
const isWide = matchMedia('(width >= 80rem)')
const rowHeightPx = (): number => (isWide.matches ? 84 : isNarrow.matches ? 392 : 184)

const onWidth = (onChange: () => void): (() => void) => {
  for (const query of [isNarrow, isWide]) query.addEventListener('change', onChange)
  return () => {
    for (const query of [isNarrow, isWide]) query.removeEventListener('change', onChange)
  }
}
