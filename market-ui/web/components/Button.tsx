import type { ComponentProps } from 'react'

const looks = {
  plain: 'border border-line-strong bg-surface hover:bg-raised',
  main: 'border border-accent bg-accent text-on-accent hover:opacity-90',
  danger: 'border border-bad bg-surface text-bad hover:bg-bad-soft',
} as const

type Props = ComponentProps<'button'> & { readonly look?: keyof typeof looks }

/** A button. One that cannot be used now stays reachable if `aria-disabled` says so and the page says why. */
export const Button = ({ look = 'plain', className = '', type = 'button', ...rest }: Props) => (
  <button
    type={type}
    className={`min-h-9 rounded-lg px-3.5 py-1.5 font-medium disabled:cursor-not-allowed disabled:opacity-55 ${looks[look]} ${className}`}
    {...rest}
  />
)
