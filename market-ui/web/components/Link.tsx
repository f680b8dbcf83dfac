import type { ComponentProps, MouseEvent } from 'react'
import { navigate } from '../live/useRoute.ts'

/** A link within the market; with a modifier key it is the browser's. */
export const Link = ({ href, className = '', ...rest }: ComponentProps<'a'> & { href: string }) => {
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a
      href={href}
      onClick={onClick}
      className={`font-medium text-accent underline decoration-from-font underline-offset-4 hover:decoration-2 ${className}`}
      {...rest}
    />
  )
}
