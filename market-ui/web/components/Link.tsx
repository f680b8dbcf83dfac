import type { ComponentProps, MouseEvent } from 'react'
import { navigate } from '../live/useRoute.ts'

/** Goes to an address of this site; with a modifier key the click is the browser's. */
export const followLink = (href: string) => (event: MouseEvent) => {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  navigate(href)
}

/** A link within the market; with a modifier key it is the browser's. */
export const Link = ({ href, className = '', ...rest }: ComponentProps<'a'> & { href: string }) => (
  <a
    href={href}
    onClick={followLink(href)}
    className={`font-medium text-accent underline decoration-from-font underline-offset-4 hover:decoration-2 ${className}`}
    {...rest}
  />
)
