import { type ReactNode, useEffect, useRef } from 'react'
import { hasNavigated } from '../live/useRoute.ts'

/** The page's heading. After a navigation it takes the focus, as a loaded page would. */
export const PageTitle = ({ title, children }: { title: string; children: ReactNode }) => {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title === 'Trainyard' ? title : `${title} · Trainyard`
    if (hasNavigated()) heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold tracking-tight text-balance">
      {children}
    </h1>
  )
}
