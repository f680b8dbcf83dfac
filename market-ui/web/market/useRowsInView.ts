import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'

/** Up to here all rows are drawn: the browser's own search then finds them. */
const MAX_WHOLE = 100
/** Rows drawn above and below the screen, so that a fast scroll does not run ahead of them. */
const SPARE_ROWS = 8

/** Which rows are near the screen, [first, end), and how high each is: machines.css says that. */
export const useRowsInView = (body: RefObject<HTMLElement | null>, count: number) => {
  const rowPx = useSyncExternalStore(onWidth, rowHeightPx)
  const [seen, setSeen] = useState({ first: 0, rows: 20 })
  useEffect(() => {
    const look = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0
      const first = Math.max(0, Math.floor(-top / rowPx) - SPARE_ROWS)
      const rows = Math.ceil(innerHeight / rowPx) + 2 * SPARE_ROWS
      setSeen((before) => (before.first === first && before.rows === rows ? before : { first, rows }))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [body, rowPx])
  if (count <= MAX_WHOLE) return { first: 0, end: count, rowPx }
  const first = Math.min(seen.first, Math.max(0, count - 1))
  return { first, end: Math.min(count, first + seen.rows), rowPx }
}

const isNarrow = matchMedia('(width < 40rem)')
const isWide = matchMedia('(width >= 80rem)')
const rowHeightPx = (): number => (isWide.matches ? 84 : isNarrow.matches ? 392 : 176)

const onWidth = (onChange: () => void): (() => void) => {
  for (const query of [isNarrow, isWide]) query.addEventListener('change', onChange)
  return () => {
    for (const query of [isNarrow, isWide]) query.removeEventListener('change', onChange)
  }
}
